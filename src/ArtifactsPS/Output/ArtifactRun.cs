using System.Collections;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Runs;

namespace ArtifactsPS.Output;

/// <summary>A recorded piece of work that uses artifacts and produces artifacts.</summary>
public sealed class ArtifactRun
{
    internal ArtifactRun(RunRecord run, string store, IEnumerable<VersionLink> inputs, IEnumerable<VersionLink> outputs)
    {
        Id = run.Id;
        Name = run.Name;
        Group = run.Group;
        JobType = run.JobType;
        Config = MetadataConverter.ToHashtable(run.Config);
        Outcome = run.Outcome;
        Message = run.Message;
        StartedAt = run.StartedAt.LocalDateTime;
        EndedAt = run.EndedAt?.LocalDateTime;
        User = run.User;
        Machine = run.Machine;
        PowerShellVersion = run.PowerShellVersion;
        ModuleVersion = run.ModuleVersion;
        GitCommit = run.GitCommit;
        Inputs = [.. inputs.Select(link => link.Reference)];
        Outputs = [.. outputs.Select(link => link.Reference)];
        Store = store;
    }

    /// <summary>Begins with the time it started (UTC).</summary>
    public string Id { get; }

    /// <summary>Need not be unique.</summary>
    public string Name { get; }

    public string? Group { get; }

    public string? JobType { get; }

    public Hashtable Config { get; }

    public RunOutcome Outcome { get; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; }

    /// <summary>Local time.</summary>
    public DateTime StartedAt { get; }

    /// <summary>Local time; null while it runs.</summary>
    public DateTime? EndedAt { get; }

    public string User { get; }

    public string Machine { get; }

    public string? PowerShellVersion { get; }

    public string? ModuleVersion { get; }

    /// <summary>Of the folder it was started in.</summary>
    public string? GitCommit { get; }

    /// <summary>The versions that it used, <c>mnist:v3</c>.</summary>
    public string[] Inputs { get; }

    /// <summary>The versions that it made, <c>model:v0</c>.</summary>
    public string[] Outputs { get; }

    /// <summary>The location of the store it is recorded in.</summary>
    public string Store { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}

using System.Collections;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Runs;

namespace ArtifactsPS.Output;

/// <summary>A recorded piece of work that uses artifacts and produces artifacts.</summary>
public sealed class ArtifactRun
{
    internal ArtifactRun(RunRecord run, string store, IEnumerable<VersionLink> inputs, IEnumerable<VersionLink> outputs)
    {
        Id = run.Id.ToString();
        Name = run.Name;
        Group = run.Group;
        JobType = run.JobType;
        Config = MetadataConverter.ToHashtable(run.Config);
        Outcome = run.Outcome;
        Message = run.Message;
        ExitCode = run.Ending?.ExitCode;
        Errors = [.. run.Ending?.Errors ?? []];
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

    /// <summary>Unique id, which begins with the start time (UTC).</summary>
    public string Id { get; }

    /// <summary>Name of the run; need not be unique.</summary>
    public string Name { get; }

    public string? Group { get; }

    public string? JobType { get; }

    public Hashtable Config { get; }

    public RunOutcome Outcome { get; }

    /// <summary>Reason of a failure; null for none.</summary>
    public string? Message { get; }

    /// <summary>Exit code of the run, or of its last native command; null for none.</summary>
    public int? ExitCode { get; }

    /// <summary>Messages of the errors that the run has written, oldest first.</summary>
    public string[] Errors { get; }

    /// <summary>Local time.</summary>
    public DateTime StartedAt { get; }

    /// <summary>Local time; null while the run is active.</summary>
    public DateTime? EndedAt { get; }

    public string User { get; }

    public string Machine { get; }

    public string? PowerShellVersion { get; }

    public string? ModuleVersion { get; }

    /// <summary>Git commit of the folder in which the run was started; null outside of a repository.</summary>
    public string? GitCommit { get; }

    /// <summary>Versions that the run used, such as <c>mnist:v3</c>.</summary>
    public string[] Inputs { get; }

    /// <summary>Versions that the run produced, such as <c>model:v0</c>.</summary>
    public string[] Outputs { get; }

    /// <summary>Location of the store that has the record of the run.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("run", Id);

    /// <inheritdoc cref="ItemPath.TextOf"/>
    public override string ToString() => ItemPath.TextOf("run", Id);
}

using System.Management.Automation.Runspaces;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Runs;

/// <summary>
/// The run that commands belong to: the newest one started in this runspace, else the one that the environment names.
/// Through the environment, child processes, jobs and parallel runspaces belong to the run in which they were started.
/// </summary>
internal static class CurrentRun
{
    /// <summary>The environment variable that names the run.</summary>
    public const string IdVariable = "ARTIFACTS_RUN_ID";

    /// <summary>The environment variable that names the group that runs belong to.</summary>
    public const string GroupVariable = "ARTIFACTS_RUN_GROUP";

    private static readonly object Gate = new();

    // Active runs of this process, oldest first.
    private static readonly List<StartedRun> Running = [];

    /// <summary>Id of the current run; null outside of a run.</summary>
    /// <exception cref="InvalidArtifactRunException">The environment has an invalid run id.</exception>
    public static RunId? Id => Innermost?.Id ?? (FromEnvironment(IdVariable) is { } id ? RunId.Parse(id) : null);

    /// <summary>Whether the run was started in this runspace, and not joined through the environment.</summary>
    public static bool IsStartedHere => Innermost is not null;

    /// <summary>Group of the current run; null for none.</summary>
    /// <exception cref="InvalidArtifactRunException">The environment has an invalid group.</exception>
    public static string? Group =>
        Innermost is { } run ? run.Group
        : FromEnvironment(GroupVariable) is { } group ? RunJournal.CheckGroup(group)
        : null;

    /// <summary>Location of the store that has the record of the run; null for a run that only the environment names.</summary>
    public static string? Store => Innermost?.Store;

    private static StartedRun? Innermost
    {
        get
        {
            if (Runspace.DefaultRunspace is not { } runspace)
                return null;
            lock (Gate)
                return Running.FindLast(run => run.Runspace == runspace.InstanceId);
        }
    }

    /// <summary>Makes a run the current run, nested in the previous one.</summary>
    public static void Enter(RunId id, string? group, string store)
    {
        lock (Gate)
        {
            var outer = (FromEnvironment(IdVariable), FromEnvironment(GroupVariable));
            Running.Add(new StartedRun(id, group, store, Runspace.DefaultRunspace.InstanceId, outer));
            SetEnvironment((id.ToString(), group));
        }
    }

    /// <summary>Ends a run, also if it isn't the innermost. Runs nested in it become nested in its outer run.</summary>
    public static void Leave(RunId id)
    {
        lock (Gate)
        {
            var left = Running.Find(run => run.Id == id);
            var outer = left?.Outer ?? (null, FromEnvironment(GroupVariable));
            Running.RemoveAll(run => run == left);
            // Other runspaces of this process may have entered nested runs since.
            foreach (var run in Running)
                if (IsSame(run.Outer.Id, id))
                    run.Outer = outer;
            if (IsSame(FromEnvironment(IdVariable), id))
                SetEnvironment(outer);
        }
    }

    private static void SetEnvironment((string? Id, string? Group) run)
    {
        Environment.SetEnvironmentVariable(IdVariable, run.Id);
        Environment.SetEnvironmentVariable(GroupVariable, run.Group);
    }

    private static bool IsSame(string? text, RunId id) => RunId.TryParse(text, out var other) && other == id;

    private static string? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private sealed class StartedRun(
        RunId id,
        string? group,
        string store,
        Guid runspace,
        (string? Id, string? Group) outer
    )
    {
        public RunId Id { get; } = id;

        public string? Group { get; } = group;

        public string Store { get; } = store;

        public Guid Runspace { get; } = runspace;

        /// <summary>Value of the environment variables after this run.</summary>
        public (string? Id, string? Group) Outer { get; set; } = outer;
    }
}

/// <summary>A command needs an active run, but there is none.</summary>
public sealed class NoActiveRunException()
    : ArtifactsException(
        "There is no active run. Start-ArtifactRun starts one; -Id names another one to stop.",
        target: null
    )
{
    public override string ErrorId => "NoActiveRun";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

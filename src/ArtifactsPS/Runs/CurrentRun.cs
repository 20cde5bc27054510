using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ArtifactsPS.Runs;

namespace ArtifactsPS;

/// <summary>
/// The run that commands are part of: the one that was started last in this runspace, else the one that the environment
/// names, so that child processes, jobs and parallel runspaces are part of the run that they were started in.
/// </summary>
internal static class CurrentRun
{
    /// <summary>The environment variable that names the run.</summary>
    public const string IdVariable = "ARTIFACTS_RUN_ID";

    /// <summary>The environment variable that names the group that runs belong to.</summary>
    public const string GroupVariable = "ARTIFACTS_RUN_GROUP";

    private static readonly ConditionalWeakTable<Runspace, Stack<StartedRun>> Started = new();

    /// <summary>The id; null outside of any run.</summary>
    /// <exception cref="InvalidArtifactRunException">The environment names something that can't be a run.</exception>
    public static string? Id =>
        Innermost?.Id ?? (FromEnvironment(IdVariable) is { } id ? RunJournal.CheckId(id) : null);

    /// <summary>The group; null where there is none.</summary>
    /// <exception cref="InvalidArtifactRunException">The environment names something that can't be a group.</exception>
    public static string? Group =>
        Innermost is { } run ? run.Group
        : FromEnvironment(GroupVariable) is { } group ? RunJournal.CheckGroup(group)
        : null;

    /// <summary>The location of the store that the run is recorded in; null for one that only the environment names.</summary>
    public static string? Store => Innermost?.Store;

    private static StartedRun? Innermost =>
        Runspace.DefaultRunspace is { } runspace && Started.TryGetValue(runspace, out var runs) && runs.Count > 0
            ? runs.Peek()
            : null;

    /// <summary>Makes a run the current one, within the one that is.</summary>
    public static void Enter(string id, string? group, string store)
    {
        var run = new StartedRun(id, group, store, FromEnvironment(IdVariable), FromEnvironment(GroupVariable));
        Started.GetOrCreateValue(Runspace.DefaultRunspace).Push(run);
        Environment.SetEnvironmentVariable(IdVariable, id);
        Environment.SetEnvironmentVariable(GroupVariable, group);
    }

    /// <summary>Makes the run around it the current one again, if the run is the current one.</summary>
    public static void Leave(string id)
    {
        StartedRun? left = null;
        if (Innermost?.Id == id && Started.TryGetValue(Runspace.DefaultRunspace, out var runs))
            left = runs.Pop();
        // Another runspace of this process may have entered a run of its own since.
        if (!string.Equals(FromEnvironment(IdVariable), id, StringComparison.OrdinalIgnoreCase))
            return;
        Environment.SetEnvironmentVariable(IdVariable, left?.OuterId);
        Environment.SetEnvironmentVariable(
            GroupVariable,
            left is null ? FromEnvironment(GroupVariable) : left.OuterGroup
        );
    }

    private static string? FromEnvironment(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private sealed record StartedRun(string Id, string? Group, string Store, string? OuterId, string? OuterGroup);
}

/// <summary>A command that ends a run was given outside of any.</summary>
public sealed class NoActiveRunException()
    : ArtifactsException(
        "There is no active run. Start-ArtifactRun starts one; -Id names another one to stop.",
        target: null
    );

using System.Diagnostics;
using System.Management.Automation.Runspaces;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Distributed;

/// <summary>Name of a writer of a distributed artifact.</summary>
internal static class ContributorName
{
    private static readonly int ProcessId = Process.GetCurrentProcess().Id;

    /// <summary>Returns the given name, else the id of a run started in this runspace, else a name that is unique for the
    /// process and runspace. A shared name would let a later contribution silently replace an earlier one.</summary>
    public static string Resolve(string? given) =>
        given
        ?? (CurrentRun.IsStartedHere ? CurrentRun.Id?.ToString() : null)
        ?? FormattableString.Invariant(
            $"{CurrentRun.Id?.ToString() ?? Author.Current}#{ProcessId}.{Runspace.DefaultRunspace.Id}"
        );
}

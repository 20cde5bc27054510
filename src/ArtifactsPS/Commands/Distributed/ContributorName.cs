using System.Diagnostics;
using System.Management.Automation.Runspaces;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Distributed;

/// <summary>Who contributes to a version that several writers make.</summary>
internal static class ContributorName
{
    private static readonly int ProcessId = Process.GetCurrentProcess().Id;

    /// <summary>The name that was given, else the run that was started here. Of those that joined a run from elsewhere, or
    /// are in none, each process and each of its runspaces is a writer of its own: were they one, the later would replace
    /// what the earlier contributed, and nobody be told.</summary>
    public static string Resolve(string? given) =>
        given
        ?? (CurrentRun.IsStartedHere ? CurrentRun.Id : null)
        ?? FormattableString.Invariant($"{CurrentRun.Id ?? Author.Current}#{ProcessId}.{Runspace.DefaultRunspace.Id}");
}

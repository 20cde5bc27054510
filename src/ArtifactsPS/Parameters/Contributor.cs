using System.Diagnostics;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS;

/// <summary>Who contributes to a version that several writers make.</summary>
internal static class Contributor
{
    private static readonly string Process = FormattableString.Invariant(
        $"{Author.Current}#{System.Diagnostics.Process.GetCurrentProcess().Id}"
    );

    /// <summary>The name that was given, else the run, else this process.</summary>
    public static string Resolve(string? given) => given ?? CurrentRun.Id ?? Process;
}

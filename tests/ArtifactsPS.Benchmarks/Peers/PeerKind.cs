using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>Describes a program that can be measured.</summary>
/// <param name="Name">Name in options and reports.</param>
/// <param name="Version">Command that prints its version as the first line that isn't empty.</param>
/// <param name="Open">Creates the commands for a workspace.</param>
internal sealed record PeerKind(string Name, Command Version, Func<Workspace, Peer> Open)
{
    /// <summary>How the program is used, if that needs an explanation.</summary>
    public string? Remark { get; init; }

    /// <summary>Runs the program to find its version.</summary>
    /// <returns>Version without the commit that .NET appends after a <c>+</c>; null if the program isn't installed.</returns>
    public string? FindVersion()
    {
        try
        {
            return ProcessTimer
                .Read(Version)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)[0]
                .Split('+')[0]
                .Trim();
        }
        catch (ProcessFailedException)
        {
            return null;
        }
    }
}

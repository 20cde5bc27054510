using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>A program that can be measured.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Version">Writes its version, in the first line that isn't empty.</param>
/// <param name="Open">Sets it to work somewhere.</param>
internal sealed record PeerKind(string Name, Command Version, Func<Workspace, Peer> Open)
{
    /// <summary>How it is used, where that isn't plain.</summary>
    public string? Remark { get; init; }

    /// <summary>Asks its version.</summary>
    /// <returns>Null when it isn't installed; without the commit that .NET puts after a <c>+</c>.</returns>
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

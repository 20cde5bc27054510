namespace ArtifactsPS.Core.Concurrency;

/// <summary>Pauses between attempts at one operation. The limit of a pause doubles with each attempt. Not for concurrent
/// callers.</summary>
/// <param name="longest">Longest pause.</param>
/// <param name="fixedShare">Share of a pause that isn't random, from 0 to 1. Random pauses keep writers apart that began
/// together.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class BackOff(TimeSpan longest, double fixedShare, TimeProvider? time = null)
{
    // Enough for any limit. Keeps the power finite.
    private const int MaxDoublings = 30;

    // Random seed: the default one of .NET Framework depends on the time, which writers may share.
    private readonly Random _random = new(Guid.NewGuid().GetHashCode());
    private int _pauses;

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="unit">Limit of the first pause; at least a millisecond is used.</param>
    /// <param name="cancellationToken">Ends the pause.</param>
    /// <param name="most">Limit of this pause.</param>
    public Task PauseAsync(TimeSpan unit, CancellationToken cancellationToken, TimeSpan? most = null)
    {
        var limit = Math.Min(
            Math.Max(1, unit.TotalMilliseconds) * Math.Pow(2, Math.Min(_pauses++, MaxDoublings)),
            longest.TotalMilliseconds
        );
#pragma warning disable CA5394 // Nobody gains by guessing it.
        var share = fixedShare + (1 - fixedShare) * _random.NextDouble();
#pragma warning restore CA5394
        var pause = TimeSpan.FromMilliseconds(share * limit);
        return Delay.ForAsync(
            most is { } allowed && allowed < pause ? allowed : pause,
            time ?? TimeProvider.System,
            cancellationToken
        );
    }
}

namespace ArtifactsPS.Core.Concurrency;

/// <summary>Makes streams of what needs no waiting for.</summary>
public static class AsyncStream
{
    /// <summary>Streams items that are at hand.</summary>
#pragma warning disable CS1998 // Nothing to wait for.
    public static async IAsyncEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
            yield return item;
    }
#pragma warning restore CS1998
}

namespace ArtifactsPS.Platform;

/// <summary>Streams of what is at hand already.</summary>
internal static class AsyncStream
{
#pragma warning disable CS1998 // Nothing to wait for.
    public static async IAsyncEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
            yield return item;
    }
#pragma warning restore CS1998
}

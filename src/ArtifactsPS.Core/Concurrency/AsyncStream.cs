namespace ArtifactsPS.Core.Concurrency;

/// <summary>Creates asynchronous streams of items in memory.</summary>
public static class AsyncStream
{
#pragma warning disable CS1998 // Nothing to await.
    public static async IAsyncEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        foreach (var item in items)
            yield return item;
    }
#pragma warning restore CS1998
}

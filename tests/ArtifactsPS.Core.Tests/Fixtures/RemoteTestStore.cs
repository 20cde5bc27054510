namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Simulates a remote store, and records reads.</summary>
internal sealed class RemoteTestStore(MemoryObjectStore memory) : StoreDecorator(memory), IUploadingStore
{
    private readonly MemoryObjectStore _memory = memory;

    /// <summary>Offsets and lengths of reads in bytes, in order.</summary>
    public List<(long Offset, long? Length)> Reads { get; } = [];

    /// <summary>Number of pieces read for uploads.</summary>
    public int Uploaded { get; set; }

    public async Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    )
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (await read(buffer, cancellationToken) is > 0 and var count)
        {
            Uploaded++;
            bytes.Write(buffer, 0, count);
        }
        return await _memory.TryCreateAsync(key, bytes.ToArray(), cancellationToken);
    }

    protected override void Reading(string key, long offset, long? length)
    {
        lock (Reads)
            Reads.Add((offset, length));
    }
}

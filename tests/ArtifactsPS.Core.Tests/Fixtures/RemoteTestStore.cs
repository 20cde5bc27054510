namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A store as if it were far away, which remembers what was read of it.</summary>
internal sealed class RemoteTestStore(MemoryObjectStore memory) : StoreDecorator(memory), IUploadingStore
{
    private readonly MemoryObjectStore _memory = memory;

    /// <summary>From where on, and how many bytes, in the order they were asked for.</summary>
    public List<(long Offset, long? Length)> Reads { get; } = [];

    /// <summary>How many pieces were read to be uploaded.</summary>
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

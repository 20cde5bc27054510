using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Hashes pieces of content while the caller writes them and reads the next ones. Hashing takes about as long as reading and
/// writing a file: one core hashes, the other does the rest. Not safe for concurrent callers.</summary>
internal sealed class PipelinedHash : IDisposable
{
    // Starting another thread for less takes longer than it gains.
    private const int MinPipelined = 256 << 10;

    private readonly Sha256 _hash = new();
    private Task _pending = Task.CompletedTask;

    /// <summary>Begins to hash a piece, after the piece before it is hashed. The buffer must keep its bytes until the next call has
    /// ended.</summary>
    public async ValueTask AppendAsync(byte[] bytes, int count)
    {
        await WaitAsync().ConfigureAwait(false);
        if (count < MinPipelined)
            _hash.Append(bytes, 0, count);
        else
            _pending = Task.Run(() => _hash.Append(bytes, 0, count), CancellationToken.None);
    }

    /// <summary>Waits until all buffers are hashed.</summary>
    public Task WaitAsync() => _pending;

    /// <summary>Returns the digest of all pieces.</summary>
    public async ValueTask<Digest> FinishAsync()
    {
        await WaitAsync().ConfigureAwait(false);
        return _hash.Finish();
    }

    /// <summary>Releases the state. No piece may be pending.</summary>
    public void Dispose() => _hash.Dispose();
}

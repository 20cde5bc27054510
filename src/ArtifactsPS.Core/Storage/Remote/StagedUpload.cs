using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>A value that is written to a <see cref="BucketObjectStore"/>. It is spooled first, because its key is known only at the
/// end, and because requests may be sent again.</summary>
internal sealed class StagedUpload(BucketObjectStore store, SpoolGate gate) : IStagedObject
{
    private readonly SpooledFile _file = new(store.Location);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _file.Write(bytes);
    }

    public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
    {
        gate.Enter(_file.Length);
        try
        {
            return await store.TryCreateAsync(key, _file, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Leave(_file.Length);
        }
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return default;
    }
}

using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A store in a folder of another one, so that one decorator sees the operations of both.</summary>
/// <param name="folder">The folder, ending in <c>/</c>.</param>
internal sealed class SubfolderObjectStore(IObjectStore inner, string folder) : IObjectStore
{
    public string Location => inner.Location + "/" + folder;

    public bool MovesAtomically => inner.MovesAtomically;

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        inner.TryCreateAsync(folder + key, value, cancellationToken);

    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(folder + key, offset, length, cancellationToken);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        inner.ExistsAsync(folder + key, cancellationToken);

    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken) =>
        inner.GetLengthAsync(folder + key, cancellationToken);

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var keys = inner.ListAsync(folder + prefix, after is null ? null : folder + after, cancellationToken);
        await foreach (var key in keys)
            yield return key with
            {
                Key = key.Key[folder.Length..],
            };
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListFoldersAsync(folder + prefix, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) =>
        inner.DeleteAsync(folder + key, cancellationToken);

    public Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken) =>
        inner.TryMoveAsync(folder + key, folder + target, cancellationToken);

    public Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken) =>
        inner.TryCopyAsync(folder + key, folder + target, cancellationToken);

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) =>
        inner.GetTimeAsync(cancellationToken);

    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}

using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Forwards operations to another store, with hooks.</summary>
internal abstract class StoreDecorator(IObjectStore inner) : IObjectStore
{
    public string Location => inner.Location;

    public async Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        await BeforeAsync("create", key);
        var created = await inner.TryCreateAsync(key, value, cancellationToken);
        After("create", key);
        if (created)
            Created(key, value.Length);
        return created;
    }

    public async Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        await BeforeAsync("read", key);
        Reading(key, offset, length);
        return await inner.OpenReadAsync(key, offset, length, cancellationToken) is { } stream ? Opened(stream) : null;
    }

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        await BeforeAsync("look", key);
        return await inner.ExistsAsync(key, cancellationToken);
    }

    public async Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken)
    {
        await BeforeAsync("look", key);
        return await inner.GetLengthAsync(key, cancellationToken);
    }

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await BeforeAsync("list", prefix);
        await foreach (var key in inner.ListAsync(prefix, after, cancellationToken))
            yield return key;
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await BeforeAsync("list", prefix);
        await foreach (var name in inner.ListFoldersAsync(prefix, cancellationToken))
            yield return name;
    }

    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await BeforeAsync("delete", key);
        var deleted = await inner.DeleteAsync(key, cancellationToken);
        After("delete", key);
        return deleted;
    }

    public virtual bool MovesAtomically => inner.MovesAtomically;

    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        await BeforeAsync("move", key);
        var moved = await inner.TryMoveAsync(key, target, cancellationToken);
        After("move", key);
        return moved;
    }

    public async Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        await BeforeAsync("copy", key);
        var copied = await inner.TryCopyAsync(key, target, cancellationToken);
        After("copy", key);
        return copied;
    }

    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken)
    {
        await BeforeAsync("time", "");
        return await inner.GetTimeAsync(cancellationToken);
    }

    public async Task<IStagedObject> StageAsync(CancellationToken cancellationToken)
    {
        await BeforeAsync("stage", "");
        return new Staged(this, await inner.StageAsync(cancellationToken));
    }

    /// <summary>Called before an operation. Throwing prevents the operation.</summary>
    protected virtual void Before(string operation, string key) { }

    /// <summary>Asynchronous form of <see cref="Before"/>.</summary>
    protected virtual Task BeforeAsync(string operation, string key)
    {
        Before(operation, key);
        return Task.CompletedTask;
    }

    /// <summary>Called after a creation, move, copy or deletion. Throwing loses the answer.</summary>
    protected virtual void After(string operation, string key) { }

    /// <summary>Called before a value is opened.</summary>
    protected virtual void Reading(string key, long offset, long? length) { }

    /// <summary>Wraps an opened value.</summary>
    protected virtual Stream Opened(Stream stream) => stream;

    /// <summary>Called after a key was created.</summary>
    protected virtual void Created(string key, long length) { }

    private sealed class Staged(StoreDecorator store, IStagedObject inner) : IStagedObject
    {
        private long _length;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            store.Before("write", "");
            _length += bytes.Length;
            return inner.WriteAsync(bytes, cancellationToken);
        }

        public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken)
        {
            await store.BeforeAsync("commit", key);
            var created = await inner.CommitAsync(key, cancellationToken);
            store.After("commit", key);
            if (created)
                store.Created(key, _length);
            return created;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Stores.Memory;

/// <summary>A store in the memory of the process.</summary>
/// <param name="location">The location, as a user writes it.</param>
/// <param name="limit">Largest number of keys.</param>
public sealed class MemoryObjectStore(string location = "memory", int limit = int.MaxValue) : IObjectStore
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Modified)> _values = new(
        StringComparer.Ordinal
    );

    public string Location => location;

    /// <summary>Value of a key. Setting it simulates damage.</summary>
    public byte[] this[string key]
    {
        get => _values[key].Bytes;
        set => _values[key] = (value, DateTimeOffset.UtcNow);
    }

    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Makes all keys older.</summary>
    public void Age(TimeSpan by)
    {
        foreach (var (key, value) in _values)
            _values[key] = (value.Bytes, value.Modified - by);
    }

    /// <summary>Returns a store with the same keys, values and times.</summary>
    public MemoryObjectStore Copy()
    {
        var copy = new MemoryObjectStore();
        foreach (var (key, value) in _values)
            copy._values[key] = value;
        return copy;
    }

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_values.Count >= limit && !_values.ContainsKey(key))
            throw new StoreFullException(Location);
        // An object of another length is damaged.
        while (
            StoreLayout.IsObject(key) && _values.TryGetValue(key, out var found) && found.Bytes.Length != value.Length
        )
            if (_values.TryUpdate(key, (value.ToArray(), DateTimeOffset.UtcNow), found))
                return Task.FromResult(true);
        return Task.FromResult(_values.TryAdd(key, (value.ToArray(), DateTimeOffset.UtcNow)));
    }

    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_values.TryGetValue(key, out var value))
            return Task.FromResult<Stream?>(null);
        var start = (int)Math.Min(offset, value.Bytes.Length);
        var count = (int)Math.Min(length ?? long.MaxValue, value.Bytes.Length - start);
        return Task.FromResult<Stream?>(new MemoryStream(value.Bytes, start, count, writable: false));
    }

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_values.ContainsKey(key));
    }

    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<long?>(_values.TryGetValue(key, out var value) ? value.Bytes.Length : null);
    }

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (key, value) in _values)
            if (key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
                yield return new StoredKey(key, value.Bytes.Length, value.Modified);
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var key in ListAsync(prefix, after: null, cancellationToken))
            if (key.Key.IndexOf('/', prefix.Length) is >= 0 and var end && names.Add(key.Key[prefix.Length..end]))
                yield return key.Key[prefix.Length..end];
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryRemove(key, out _));

    public bool MovesAtomically => true;

    public Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A reader finds the value at one key or at both.
        lock (_values)
        {
            if (!_values.TryGetValue(key, out var value))
                return Task.FromResult(false);
            _values[target] = value;
            return Task.FromResult(_values.TryRemove(key, out _));
        }
    }

    public Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_values.TryGetValue(key, out var value))
            return Task.FromResult(false);
        _values[target] = (value.Bytes, DateTimeOffset.UtcNow);
        return Task.FromResult(true);
    }

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(DateTimeOffset.UtcNow);

    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IStagedObject>(new Staged(this));

    private sealed class Staged(MemoryObjectStore store) : IStagedObject
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            _bytes.WriteAsync(bytes, cancellationToken);

        public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken) =>
            await store.TryCreateAsync(key, _bytes.ToArray(), cancellationToken);

        public ValueTask DisposeAsync() => _bytes.DisposeAsync();
    }
}

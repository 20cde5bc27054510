using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A store that is gone with the process, for tests that need many.</summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Modified)> _values = new();

    public string Location => "memory";

    /// <summary>Every key's value; to set one is to damage the store.</summary>
    public byte[] this[string key]
    {
        get => _values[key].Bytes;
        set => _values[key] = (value, DateTimeOffset.UtcNow);
    }

    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Makes all that is there older.</summary>
    public void Age(TimeSpan by)
    {
        foreach (var (key, value) in _values)
            _values[key] = (value.Bytes, value.Modified - by);
    }

    /// <summary>A store that has the same keys, of the same ages.</summary>
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

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (key, value) in _values)
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StoredKey(key, value.Bytes.Length, value.Modified);
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken) =>
        _values
            .Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key[prefix.Length..].Split('/'))
            .Where(segments => segments.Length > 1)
            .Select(segments => segments[0])
            .Distinct(StringComparer.Ordinal)
            .ToAsyncEnumerable();

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryRemove(key, out _));

    public Task<bool> TouchAsync(string key, CancellationToken cancellationToken)
    {
        while (_values.TryGetValue(key, out var value))
            if (_values.TryUpdate(key, (value.Bytes, DateTimeOffset.UtcNow), value))
                return Task.FromResult(true);
        return Task.FromResult(false);
    }

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

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>A store in memory, so that benchmarks don't measure the disk.</summary>
internal sealed class MemoryStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public string Location => "memory";

    public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryAdd(key, value.ToArray()));

    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        if (!_values.TryGetValue(key, out var bytes))
            return Task.FromResult<Stream?>(null);
        var count = (int)Math.Min(length ?? long.MaxValue, bytes.Length - offset);
        return Task.FromResult<Stream?>(new MemoryStream(bytes, (int)offset, count, writable: false));
    }

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_values.ContainsKey(key));

    public Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<long?>(_values.TryGetValue(key, out var bytes) ? bytes.Length : null);

    public async IAsyncEnumerable<StoredKey> ListAsync(
        string prefix,
        string? after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        foreach (var (key, bytes) in _values)
            if (key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0)
                yield return new StoredKey(key, bytes.Length, DateTimeOffset.UnixEpoch);
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.CompletedTask;
        var folders = _values
            .Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key[prefix.Length..].Split('/'))
            .Where(segments => segments.Length > 1)
            .Select(segments => segments[0])
            .Distinct(StringComparer.Ordinal);
        foreach (var folder in folders)
            yield return folder;
    }

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryRemove(key, out _));

    public bool MovesAtomically => true;

    public async Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken) =>
        await TryCopyAsync(key, target, cancellationToken) && _values.TryRemove(key, out _);

    public Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken)
    {
        if (!_values.TryGetValue(key, out var bytes))
            return Task.FromResult(false);
        _values[target] = bytes;
        return Task.FromResult(true);
    }

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(DateTimeOffset.UtcNow);

    public Task<IStagedObject> StageAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IStagedObject>(new Staged(this));

    private sealed class Staged(MemoryStore store) : IStagedObject
    {
        private readonly MemoryStream _bytes = new();

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _bytes.Write(bytes.Span);
            return default;
        }

        public async ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken) =>
            await store.TryCreateAsync(key, _bytes.ToArray(), cancellationToken);

        public ValueTask DisposeAsync() => default;
    }
}

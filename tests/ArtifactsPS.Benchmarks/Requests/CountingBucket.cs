using System.Collections.Concurrent;
using System.Globalization;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Benchmarks.Requests;

/// <summary>A bucket in memory that counts the requests that a service would receive.</summary>
internal sealed class CountingBucket : IBucket
{
    private const int KeysPerPage = 1000;

    private readonly SortedDictionary<string, (byte[] Bytes, string Writer)> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> _uploads = new(
        StringComparer.Ordinal
    );

    /// <summary>Limits of S3, with parts of 8 MiB.</summary>
    public BucketLimits Limits { get; } =
        new()
        {
            LargestPut = 5L << 30,
            LargestCopy = 256 << 20,
            PartSize = 8 << 20,
            Parts = 10_000,
        };

    public RequestCount Count { get; } = new();

    public Task<BucketPutResult> TryPutAsync(
        string key,
        Stream value,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    )
    {
        var bytes = BytesOf(value);
        Count.Put(bytes.Length);
        lock (_values)
        {
            if (!replaces)
                return Task.FromResult(
                    _values.TryAdd(key, (bytes, writer)) ? BucketPutResult.Created : BucketPutResult.Exists
                );
            _values[key] = (bytes, writer);
            return Task.FromResult(BucketPutResult.Created);
        }
    }

    public Task<bool> IsDoubtfulAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        Count.Head();
        lock (_values)
            return Task.FromResult(_values.TryGetValue(key, out var value) ? KeyOf(key, value) : null);
    }

    public Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        (byte[] Bytes, string Writer) value;
        lock (_values)
            if (!_values.TryGetValue(key, out value))
            {
                Count.Get(0);
                return Task.FromResult<BucketRead?>(null);
            }
        var start = (int)Math.Min(offset, value.Bytes.Length);
        var count = (int)Math.Min(length ?? long.MaxValue, value.Bytes.Length - start);
        Count.Get(count);
        return Task.FromResult<BucketRead?>(
            new BucketRead
            {
                Stream = new MemoryStream(value.Bytes, start, count, writable: false),
                TotalLength = value.Bytes.Length,
                Writer = value.Writer,
            }
        );
    }

    public Task<BucketPage> ListAsync(
        string prefix,
        bool folders,
        string? after,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        Count.List();
        lock (_values)
        {
            var keys = _values
                .Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Where(item => string.CompareOrdinal(item.Key, continuation ?? after ?? "") > 0);
            if (folders)
                return Task.FromResult(
                    new BucketPage
                    {
                        Folders =
                        [
                            .. keys.Select(item =>
                                    item.Key.IndexOf('/', prefix.Length) is > 0 and var end
                                        ? item.Key[..(end + 1)]
                                        : null
                                )
                                .OfType<string>()
                                .Distinct(StringComparer.Ordinal),
                        ],
                    }
                );
            var page = keys.Take(KeysPerPage + 1).Select(item => KeyOf(item.Key, item.Value)).ToList();
            return Task.FromResult(
                new BucketPage
                {
                    Keys = [.. page.Take(KeysPerPage)],
                    Continuation = page.Count > KeysPerPage ? page[KeysPerPage - 1].Key : null,
                }
            );
        }
    }

    public Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken)
    {
        Count.Delete();
        lock (_values)
            _values.Remove(known.Key);
        return Task.FromResult(true);
    }

    public Task<BucketCopyResult> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken)
    {
        Count.Put(0);
        lock (_values)
        {
            if (!_values.TryGetValue(known.Key, out var value))
                return Task.FromResult(BucketCopyResult.Missing);
            _values[target] = value;
            return Task.FromResult(BucketCopyResult.Copied);
        }
    }

    public Task<string?> CopyPartAsync(
        BucketKey known,
        long offset,
        long length,
        string target,
        string upload,
        int number,
        CancellationToken cancellationToken
    )
    {
        Count.Put(0);
        lock (_values)
            _uploads[upload][number] = _values[known.Key].Bytes.AsSpan((int)offset, (int)length).ToArray();
        return Task.FromResult<string?>(number.ToString(CultureInfo.InvariantCulture));
    }

    public Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken)
    {
        Count.Put(0);
        var upload = Guid.NewGuid().ToString("N");
        _uploads[upload] = new();
        return Task.FromResult(upload);
    }

    // A new store has no unfinished uploads.
    public Task<BucketParts?> FindPartsAsync(string key, CancellationToken cancellationToken)
    {
        Count.List();
        return Task.FromResult<BucketParts?>(null);
    }

    public bool HasBytes(BucketPart part, Stream bytes) => false;

    public Task<string?> PutPartAsync(
        string key,
        string upload,
        int number,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        var part = BytesOf(bytes);
        Count.Put(part.Length);
        _uploads[upload][number] = part;
        return Task.FromResult<string?>(number.ToString(CultureInfo.InvariantCulture));
    }

    public Task<bool> TryCompletePartsAsync(
        string key,
        string upload,
        IReadOnlyList<string> parts,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    )
    {
        Count.Put(0);
        if (!_uploads.TryRemove(upload, out var sent))
            return Task.FromResult(false);
        lock (_values)
            _values[key] = ([.. sent.OrderBy(part => part.Key).SelectMany(part => part.Value)], writer);
        return Task.FromResult(true);
    }

    public Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken)
    {
        Count.Delete();
        return Task.FromResult(_uploads.TryRemove(upload, out _));
    }

    public Task<BucketUploads> ListUploadsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        Count.List();
        return Task.FromResult(new BucketUploads());
    }

    public void Dispose() { }

    private static BucketKey KeyOf(string key, (byte[] Bytes, string Writer) value) =>
        new()
        {
            Key = key,
            Length = value.Bytes.Length,
            LastModified = DateTimeOffset.UtcNow,
            Writer = value.Writer,
        };

    private static byte[] BytesOf(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

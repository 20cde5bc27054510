using System.Globalization;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>A service that only describes keys, in a way that a test chooses.</summary>
/// <param name="head">Answers each request.</param>
internal sealed class ScriptedBucket(Func<string, CancellationToken, Task<BucketKey?>> head) : IBucket
{
    private int _requests;

    /// <summary>Number of requests.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public BucketLimits Limits { get; init; } =
        new()
        {
            LargestPut = 1 << 20,
            LargestCopy = 1 << 20,
            PartSize = 1 << 20,
            Parts = 10,
        };

    /// <summary>Fails as an unreachable service does.</summary>
    public static Task<BucketKey?> Unanswered() =>
        throw new BucketException(BucketFailure.Unanswered, "the service can't be reached.");

    public Task<bool> IsDoubtfulAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Number of checks after a creation.</summary>
    public int Confirmations { get; private set; }

    public Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken)
    {
        Confirmations++;
        return Task.FromResult(true);
    }

    public Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        return head(key, cancellationToken);
    }

    /// <summary>Result of each creation; null for a service that can't.</summary>
    public BucketPutResult? Put { get; init; }

    public Task<BucketPutResult> TryPutAsync(
        string key,
        Stream value,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    ) => Put is null ? throw new NotSupportedException() : Task.FromResult(Put.Value);

    public Task<BucketCopyResult> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<string?> CopyPartAsync(
        BucketKey known,
        long offset,
        long length,
        string target,
        string upload,
        int number,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Opens ranges; null for a service that can't.</summary>
    public Func<long, long?, BucketRead>? Open { get; init; }

    public Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        Open is null ? throw new NotSupportedException() : Task.FromResult<BucketRead?>(Open(offset, length));

    public Task<BucketPage> ListAsync(
        string prefix,
        bool folders,
        string? after,
        string? continuation,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Receives parts by their numbers; null for a service that can't.</summary>
    public Func<int, Task>? PutPart { get; init; }

    public Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken) =>
        PutPart is null ? throw new NotSupportedException() : Task.FromResult("upload");

    public async Task<string?> PutPartAsync(
        string key,
        string upload,
        int number,
        Stream bytes,
        CancellationToken cancellationToken
    )
    {
        await (PutPart ?? throw new NotSupportedException())(number);
        return number.ToString(CultureInfo.InvariantCulture);
    }

    public Task<BucketParts?> FindPartsAsync(string key, CancellationToken cancellationToken) =>
        PutPart is null ? throw new NotSupportedException() : Task.FromResult<BucketParts?>(null);

    public bool HasBytes(BucketPart part, Stream bytes) => throw new NotSupportedException();

    public Task<bool> TryCompletePartsAsync(
        string key,
        string upload,
        IReadOnlyList<string> parts,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    ) => PutPart is null ? throw new NotSupportedException() : Task.FromResult(true);

    public Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<BucketUploads> ListUploadsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public void Dispose() { }
}

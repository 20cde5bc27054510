using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Stores.Memory;

/// <summary>Versioned targets of references at <c>memory://name/key</c>, in the memory of the process.</summary>
public sealed class MemoryTargets(string name) : IReferenceSource
{
    private static readonly ConcurrentDictionary<string, MemoryTargets> All = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, List<Version>> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Exception> _failures = new();
    private int _probes;
    private int _opens;
    private int _lists;

    /// <summary>Finds the targets of a name, and creates it if needed.</summary>
    public static MemoryTargets Of(string name) => All.GetOrAdd(name, created => new MemoryTargets(created));

    /// <summary>Largest number of targets in a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Whether the service keeps versions. Without, there is no version id.</summary>
    public bool KeepsVersions { get; set; } = true;

    /// <summary>Whether offsets are ignored.</summary>
    public bool IgnoresOffsets { get; set; }

    /// <summary>Number of bytes after which each opened stream breaks; null for never.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Whether a key may not be read.</summary>
    public Predicate<string> Denies { get; set; } = _ => false;

    public int Probes => Volatile.Read(ref _probes);

    public int Opens => Volatile.Read(ref _opens);

    public int Lists => Volatile.Read(ref _lists);

    /// <summary>Number of all requests.</summary>
    public int Requests => Probes + Opens + Lists;

    /// <summary>URI of a key.</summary>
    public string UriOf(string key) => BucketUri.Parse($"memory://{name}").With(key);

    /// <summary>Makes the next request fail.</summary>
    public void FailNext(Exception failure) => _failures.Enqueue(failure);

    /// <summary>Creates or overwrites a target.</summary>
    /// <returns>Properties of the new version.</returns>
    public TargetProperties Put(string key, byte[] bytes)
    {
        lock (_versions)
        {
            if (!_versions.TryGetValue(key, out var versions))
                _versions.Add(key, versions = []);
            var id = string.Create(CultureInfo.InvariantCulture, $"{key.Length}.{versions.Count}");
            var version = new Version(id, bytes);
            if (!KeepsVersions)
                versions.Clear();
            versions.Add(version);
            return Describe(version);
        }
    }

    /// <summary>Deletes a target. Its versions can still be read.</summary>
    public void Delete(string key)
    {
        lock (_versions)
            if (KeepsVersions)
                _versions[key].Add(new Version("", Bytes: null));
            else
                _versions.Remove(key);
    }

    public async Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        await Task.CompletedTask;
        return Find(uri, versionId, cancellationToken) is { } found ? Describe(found) : null;
    }

    public async Task<TargetRead?> OpenAsync(
        string uri,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _opens);
        await Task.CompletedTask;
        if (Find(uri, versionId, cancellationToken) is not { } found)
            return null;
        var start = IgnoresOffsets ? 0 : (int)Math.Min(offset, found.Bytes!.Length);
        Stream stream = new MemoryStream(found.Bytes!, start, found.Bytes!.Length - start, writable: false);
        return new TargetRead
        {
            Stream = BreaksAfter is { } limit ? new BreakingStream(stream, limit) : stream,
            Properties = Describe(found),
            Offset = IgnoresOffsets ? 0 : offset,
        };
    }

    public async Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await Task.CompletedTask;
        Check(cancellationToken);
        var prefix = BucketUri.Parse(uri);
        var after = listing.Continuation ?? (listing.After is { } start ? prefix.Key + start : null);
        var targets = new List<ListedTarget>();
        var folders = new List<string>();
        string? last = null;
        lock (_versions)
            foreach (var (key, versions) in _versions)
            {
                if (!key.StartsWith(prefix.Key, StringComparison.Ordinal) || versions[^1].Bytes is null)
                    continue;
                var slash = key.IndexOf('/', prefix.Key.Length);
                var folder = listing.Folders && slash >= 0 ? key[..(slash + 1)] : null;
                if (string.CompareOrdinal(folder ?? key, after) <= 0 || (folder is not null && folder == last))
                    continue;
                if (targets.Count + folders.Count == PageSize)
                    return Page(last);
                last = folder ?? key;
                if (folder is not null)
                    folders.Add(folder);
                else
                    targets.Add(new ListedTarget(UriOf(key), key[prefix.Key.Length..], Describe(versions[^1])));
            }
        return Page(continuation: null);

        TargetPage Page(string? continuation) =>
            new()
            {
                Targets = targets,
                Folders = [.. folders.Select(key => new TargetFolder(UriOf(key), key[prefix.Key.Length..]))],
                Continuation = continuation,
            };
    }

    public void Dispose()
    {
        // Shared by all users of the name.
    }

    private Version? Find(string uri, string? versionId, CancellationToken cancellationToken)
    {
        Check(cancellationToken);
        var target = BucketUri.Parse(uri);
        if (Denies(target.Key))
            throw new TargetDeniedException("access was denied. Ask the owner of the memory.");
        versionId ??= target.VersionId;
        lock (_versions)
            return
                _versions.TryGetValue(target.Key, out var versions)
                && (versionId is null ? versions[^1] : versions.Find(version => version.Id == versionId))
                    is { Bytes: not null } found
                ? found
                : null;
    }

    private void Check(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_failures.TryDequeue(out var failure))
            throw failure;
    }

    private TargetProperties Describe(Version version) =>
        new()
        {
            Size = version.Bytes!.Length,
            ETag = Convert.ToHexString(SHA256.HashData(version.Bytes))[..16],
            VersionId = KeepsVersions ? version.Id : null,
        };

    /// <param name="Bytes">Null for a deletion.</param>
    private sealed record Version(string Id, byte[]? Bytes);

    private sealed class BreakingStream(Stream stream, int limit) : ForwardStream
    {
        private int _left = limit;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left == 0)
                throw new IOException("The connection broke.");
            var read = stream.Read(buffer, offset, Math.Min(count, _left));
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}

using System.Collections.Concurrent;
using System.Text;

namespace ArtifactsPS.Core.Tests.References;

/// <summary>Targets in memory, at <c>fake://bucket/key</c>. Counts requests.</summary>
internal sealed class FakeReferenceSource : IReferenceSource
{
    public const string Root = "fake://bucket/";

    private readonly Dictionary<string, FakeTarget> _targets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private KeyList? _keys;

    /// <summary>Number of targets and folders in a page.</summary>
    public int PageSize { get; init; } = 1000;

    public bool Lists { get; init; } = true;

    /// <summary>Whether a listing can begin at a key.</summary>
    public bool ListsFromKeys { get; init; } = true;

    /// <summary>Whether a listing always begins with the first key.</summary>
    public bool IgnoresStarts { get; init; }

    /// <summary>Order of keys.</summary>
    public Comparison<string> Order { get; init; } = EntryPath.Compare;

    /// <summary>Called before each request.</summary>
    public Action<string>? BeforeRequest { get; set; }

    /// <summary>Wraps the bytes of each read.</summary>
    public Func<Stream, Stream> Wrap { get; set; } = stream => stream;

    public IReadOnlyCollection<string> Requests => _requests;

    public void Set(string key, string text, string? etag = "e1", string? versionId = null)
    {
        _targets[key] = new FakeTarget(Encoding.UTF8.GetBytes(text), etag, versionId);
        _keys = null;
    }

    public void Remove(string key)
    {
        _targets.Remove(key);
        _keys = null;
    }

    /// <summary>Forgets the requests so far.</summary>
    public void Clear() => _requests.Clear();

    public ReferenceSources ToSources(TimeProvider? time = null)
    {
        var handlers = new ReferenceHandlers();
        handlers.Register("fake", this);
        return new ReferenceSources(new HostRules([]), new StoreAccess { Time = time ?? TimeProvider.System }, [])
        {
            Handlers = handlers,
        };
    }

    public ReferenceService ToService(RequestLimits? limits = null) => new("fake", this, limits ?? new RequestLimits());

    public Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        Begin($"probe {uri}");
        return Task.FromResult(Find(uri, versionId)?.Properties);
    }

    public Task<TargetRead?> OpenAsync(string uri, string? versionId, long offset, CancellationToken cancellationToken)
    {
        Begin($"open {uri} {offset}");
        return Task.FromResult(
            Find(uri, versionId) is { } target
                ? new TargetRead
                {
                    Stream = Wrap(new MemoryStream(target.Bytes[(int)offset..])),
                    Properties = target.Properties,
                    Offset = offset,
                }
                : null
        );
    }

    public Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken)
    {
        Begin($"list {uri}");
        return Task.FromResult(
            Lists && (ListsFromKeys || listing.After is null) ? List(uri[Root.Length..], listing) : null
        );
    }

    public void Dispose() { }

    private TargetPage List(string prefix, TargetListing listing)
    {
        var keys = KeysBelow(prefix);
        var after = listing.Continuation ?? (listing.After is { } key && !IgnoresStarts ? prefix + key : prefix);
        var first = after == prefix ? -1 : keys.BinarySearch(after, Comparer<string>.Create(Order));
        var next =
            after == prefix ? 0
            : first < 0 ? ~first
            : first + 1;
        var targets = new List<ListedTarget>();
        var folders = new List<TargetFolder>();
        string? last = null;
        for (; next < keys.Count; next++)
        {
            var relative = keys[next][prefix.Length..];
            var slash = listing.Folders ? relative.IndexOf('/') : -1;
            if (slash >= 0 && folders.Count > 0 && folders[^1].RelativePath == relative[..(slash + 1)])
            {
                last = keys[next];
                continue;
            }
            if (targets.Count + folders.Count == PageSize)
                return new TargetPage
                {
                    Targets = targets,
                    Folders = folders,
                    Continuation = last,
                };
            last = keys[next];
            if (slash >= 0)
                folders.Add(new TargetFolder(Root + prefix + relative[..(slash + 1)], relative[..(slash + 1)]));
            else
                targets.Add(new ListedTarget(Root + last, relative, _targets[last].Properties));
        }
        return new TargetPage { Targets = targets, Folders = folders };
    }

    private List<string> KeysBelow(string prefix)
    {
        if (_keys is { } known && known.Prefix == prefix)
            return known.Keys;
        List<string> keys = [.. _targets.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
        keys.Sort(Order);
        _keys = new KeyList(prefix, keys);
        return keys;
    }

    private FakeTarget? Find(string uri, string? versionId) =>
        _targets.TryGetValue(uri[Root.Length..], out var target)
        && (versionId is null || target.Properties.VersionId == versionId)
            ? target
            : null;

    private void Begin(string request)
    {
        _requests.Enqueue(request);
        BeforeRequest?.Invoke(request);
    }

    private sealed record KeyList(string Prefix, List<string> Keys);

    private sealed record FakeTarget(byte[] Bytes, string? ETag, string? VersionId)
    {
        public TargetProperties Properties =>
            new()
            {
                Size = Bytes.Length,
                ETag = ETag,
                VersionId = VersionId,
            };
    }
}

/// <summary>Stream that breaks after a number of bytes.</summary>
internal sealed class BreakingStream(Stream inner, int after) : ForwardStream
{
    private int _left = after;

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_left == 0)
            throw new IOException("The connection was reset.");
        var read = inner.Read(buffer, offset, Math.Min(count, _left));
        _left -= read;
        return read;
    }
}

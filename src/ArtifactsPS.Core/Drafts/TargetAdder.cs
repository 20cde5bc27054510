using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>How targets of services are added as references.</summary>
public sealed record TargetOptions
{
    /// <summary>Default of <see cref="MaxTargets"/>.</summary>
    public const long DefaultMaxTargets = 10_000_000;

    /// <summary>Path of the entry, or of the folder for the targets below a prefix; null for a name from the URI.</summary>
    public string? Name { get; init; }

    /// <summary>Digest given by the user; null for none.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Size given by the user; null for none.</summary>
    public long? Size { get; init; }

    /// <summary>Whether only the URI is recorded, and nothing is requested.</summary>
    public bool IsUriOnly { get; init; }

    /// <summary>Whether the content is read, and its digest is recorded.</summary>
    public bool ReadsContent { get; init; }

    /// <summary>Whether entries that were added before with other content are replaced.</summary>
    public bool Replaces { get; init; }

    /// <summary>Whether a path below a prefix is excluded; null to exclude none. Excluding a folder excludes everything below
    /// it.</summary>
    public Func<string, bool>? IsExcluded { get; init; }

    /// <summary>Receives the URI of each target that is excluded.</summary>
    public Action<string>? OnExcluded { get; init; }

    /// <summary>Maximum number of targets below a prefix.</summary>
    public long MaxTargets { get; init; } = DefaultMaxTargets;
}

/// <summary>Adds targets of services to a draft: an entry for a target, or for each target below a prefix.</summary>
/// <param name="failures">Receives targets below a prefix that can't be added.</param>
/// <param name="progress">Counts targets, and the bytes that are read.</param>
public sealed class TargetAdder(
    ArtifactDraft draft,
    ReferenceSources sources,
    TargetOptions options,
    IResultSink<ItemFailure> failures,
    TransferProgress progress
)
{
    private const int ReadsAtOnce = 8;

    private readonly ReferencedContent _content = new(sources);
    private readonly SemaphoreSlim _reads = new(ReadsAtOnce);

    /// <summary>Adds what a URI names. Targets of unknown schemes are added as they are.</summary>
    /// <exception cref="InvalidReferenceException">The URI is invalid, or doesn't name the entry.</exception>
    /// <exception cref="ReferenceNotFoundException">Nothing is there.</exception>
    /// <exception cref="ReferenceLimitExceededException">More targets are below the prefix than allowed.</exception>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public async Task AddAsync(string uri, CancellationToken cancellationToken)
    {
        ReferenceUri.CheckNew(uri);
        var isKnown = options is { Digest: not null, Size: not null, ReadsContent: false };
        if (options.IsUriOnly || isKnown || sources.Find(uri) is not { } service)
        {
            if (options.ReadsContent)
                throw new ReferenceNotReadableException(uri, uri);
            await AddOneAsync(uri, TargetProperties.Unknown, cancellationToken).ConfigureAwait(false);
            return;
        }
        var isPrefix = IsPrefix(uri);
        if (isPrefix && await AddBelowAsync(service, uri, cancellationToken).ConfigureAwait(false))
            return;
        if (await service.ProbeAsync(NamedTarget.Of(uri), cancellationToken).ConfigureAwait(false) is { } properties)
            await AddOneAsync(uri, properties, cancellationToken).ConfigureAwait(false);
        else if (isPrefix || !await AddBelowAsync(service, uri + "/", cancellationToken).ConfigureAwait(false))
            throw new ReferenceNotFoundException(uri, uri);
    }

    /// <summary>Path of the entry for a URI: its last segment, unless a name is given.</summary>
    /// <exception cref="InvalidReferenceException">The URI has no last segment.</exception>
    /// <exception cref="InvalidEntryPathException">The name is invalid.</exception>
    public EntryPath PathOf(string uri) => EntryPath.Parse(options.Name ?? LastSegment(uri));

    /// <summary>Unescaped last segment of a URI's path.</summary>
    /// <exception cref="InvalidReferenceException">There is none.</exception>
    internal static string LastSegment(string uri)
    {
        var path = Uri.UnescapeDataString(new Uri(uri).AbsolutePath).TrimEnd('/');
        return path.Substring(path.LastIndexOf('/') + 1) is { Length: > 0 } name
            ? name
            : throw new InvalidReferenceException(uri, "It has no last segment that can name the entry; specify -Name");
    }

    // The key of a prefix is empty or ends in a slash.
    private static bool IsPrefix(string uri)
    {
        if (uri[uri.Length - 1] == '/')
            return true;
        var place = uri.IndexOf("://", StringComparison.Ordinal) + 3;
        return place > 3 && uri.IndexOf('/', place) < 0 && uri.IndexOf('?') < 0;
    }

    // False if the service can't list targets, or there are none.
    private async Task<bool> AddBelowAsync(ReferenceService service, string uri, CancellationToken cancellationToken)
    {
        var folder = options.Name is { } name ? name.TrimEnd('/') + "/" : "";
        // Added once all are known, so that a listing that fails leaves the draft as it was.
        var found = new AppendOnlyList<ManifestEntry>();
        var lister = new TargetLister(service, NamedTarget.Of(uri), options.MaxTargets);
        var lists = await lister
            .ListAsync(
                async page =>
                {
                    var entries = await EntriesOfAsync(page, folder, cancellationToken).ConfigureAwait(false);
                    lock (found)
                        foreach (var entry in entries)
                            if (entry is not null)
                                found.Add(entry);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        if (!lists || lister.Count == 0)
            return false;
        if (options.Digest is not null || options.Size is not null)
            throw new InvalidReferenceException(uri, "It is a prefix of several targets. Leave out -Digest and -Size");
        // The pages of a base version are sorted.
        var sorted = found.ToArray();
        Array.Sort(sorted, (one, other) => one.Path.CompareTo(other.Path));
        draft.Reserve(sorted.Length);
        foreach (var entry in sorted)
            try
            {
                await draft.AddAsync(entry, options.Replaces, cancellationToken).ConfigureAwait(false);
            }
            catch (ArtifactsException e) when (IsOfTarget(e))
            {
                await failures.AddAsync(new ItemFailure(entry.Uri!, e)).ConfigureAwait(false);
            }
        return true;
    }

    // Null for targets that can't be added.
    private async Task<IReadOnlyList<ManifestEntry?>> EntriesOfAsync(
        IReadOnlyList<ListedTarget> targets,
        string folder,
        CancellationToken cancellationToken
    )
    {
        if (options.IsExcluded is { } isExcluded)
            targets = [.. targets.Where(target => !IsLeftOut(target, isExcluded))];
        if (options.ReadsContent)
            return await Task.WhenAll(targets.Select(target => EntryOfAsync(target).AsTask())).ConfigureAwait(false);
        var entries = new List<ManifestEntry?>(targets.Count);
        foreach (var target in targets)
            entries.Add(await EntryOfAsync(target).ConfigureAwait(false));
        return entries;

        // Completes at once unless content is read, without an allocation for each of many targets.
        async ValueTask<ManifestEntry?> EntryOfAsync(ListedTarget target)
        {
            try
            {
                var path = EntryPath.Parse(folder + target.RelativePath);
                var entry = await ToEntryAsync(path, target.Uri, target.Properties, cancellationToken)
                    .ConfigureAwait(false);
                progress.AddFile();
                return entry;
            }
            catch (ArtifactsException e) when (IsOfTarget(e))
            {
                await failures.AddAsync(new ItemFailure(target.Uri, e)).ConfigureAwait(false);
                return null;
            }
        }
    }

    private bool IsLeftOut(ListedTarget target, Func<string, bool> isExcluded)
    {
        var path = target.RelativePath;
        var isLeftOut = isExcluded(path);
        for (var slash = path.IndexOf('/'); slash >= 0 && !isLeftOut; slash = path.IndexOf('/', slash + 1))
            isLeftOut = isExcluded(path.Substring(0, slash));
        if (isLeftOut)
            options.OnExcluded?.Invoke(target.Uri);
        return isLeftOut;
    }

    // A failure of one target is reported, and the others are added.
    private static bool IsOfTarget(ArtifactsException e) => e is not ArtifactSpentException;

    private async Task AddOneAsync(string uri, TargetProperties properties, CancellationToken cancellationToken)
    {
        var given = properties with { Size = properties.Size ?? options.Size };
        if (options.Size is { } size && given.Size != size)
            throw new ReferenceChangedException(uri, uri, $"whose size is {given.Size}, not {size}");
        var entry = await ToEntryAsync(PathOf(uri), uri, given, cancellationToken).ConfigureAwait(false);
        await draft.AddAsync(entry, options.Replaces, cancellationToken).ConfigureAwait(false);
        progress.AddFile();
    }

    private async ValueTask<ManifestEntry> ToEntryAsync(
        EntryPath path,
        string uri,
        TargetProperties properties,
        CancellationToken cancellationToken
    )
    {
        var entry = ManifestEntry.ReferenceTo(path, uri, options.Digest, properties);
        return options.ReadsContent ? await ReadAsync(entry, cancellationToken).ConfigureAwait(false) : entry;
    }

    // Checks a given digest.
    private async Task<ManifestEntry> ReadAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (await FindReadAsync(entry, cancellationToken).ConfigureAwait(false) is { } known)
            return known;
        await _reads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var hash = new Sha256();
            long size = 0;
            await _content
                .CopyAsync(
                    entry,
                    (bytes, count) =>
                    {
                        hash.Append(bytes, 0, count);
                        size += count;
                        return Task.CompletedTask;
                    },
                    progress,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return ManifestEntry.ReferenceTo(entry.Path, entry.Uri!, hash.Finish(), entry.Target! with { Size = size });
        }
        finally
        {
            _reads.Release();
        }
    }

    // The entry of the base or newest version, if its target is still the same, was read.
    private async Task<ManifestEntry?> FindReadAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (entry is not { Digest: null, Target.HasIdentity: true })
            return null;
        var existing = await draft.ReadExistingAsync(cancellationToken).ConfigureAwait(false);
        foreach (var version in existing.Versions)
            if (
                await version.Manifest.FindAsync(entry.Path, cancellationToken).ConfigureAwait(false)
                    is { Digest: not null } earlier
                && earlier.Uri == entry.Uri
                && earlier.Target == entry.Target
            )
                return earlier;
        return null;
    }
}

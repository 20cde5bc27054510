using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Everything that one operation writes to a store: blobs, pages, and the list of objects that it relies on. The only way to
/// a committed record that names them is a <c>CommitAsync</c>, which makes them durable and protects them from clean-up first.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private readonly List<SharedTree> _sharedTrees = [];
    private readonly HashSet<SharedTree> _checkedTrees = [];
    private readonly bool _ownsContent;

    /// <summary>Creates a writer of new content.</summary>
    public StoreWriter(VersionStore store)
        : this(store, new ContentWriter(store.Objects, store.Compression), ownsContent: true) { }

    private StoreWriter(VersionStore store, ContentWriter content, bool ownsContent)
    {
        Store = store;
        Content = content;
        _ownsContent = ownsContent;
    }

    public VersionStore Store { get; }

    /// <summary>Writes blobs.</summary>
    public ContentWriter Content { get; }

    /// <summary>Continues with the content that a draft has written. The draft keeps it.</summary>
    public static StoreWriter For(ArtifactDraft draft) => new(draft.Store, draft.Content, ownsContent: false);

    /// <summary>Writes the pages of a tree that are in memory only, and makes them and all content durable.</summary>
    /// <param name="tree">Root of the tree.</param>
    /// <param name="stored">Pages that the store has already, by digest.</param>
    /// <param name="cancellationToken">Cancels the call; it can be made again.</param>
    /// <returns>The stored root.</returns>
    public async Task<PageReference> StoreTreeAsync(
        TreePage tree,
        IReadOnlyDictionary<Digest, PageReference> stored,
        CancellationToken cancellationToken
    )
    {
        var root = await new ManifestWriter(stored, Content, cancellationToken)
            .WriteTreeAsync(tree)
            .ConfigureAwait(false);
        await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
        return root;
    }

    /// <summary>Writes the pages of a tree that are in memory only, and makes them and all content durable.</summary>
    /// <returns>The stored root.</returns>
    public Task<PageReference> StoreTreeAsync(TreePage tree, CancellationToken cancellationToken) =>
        StoreTreeAsync(tree, new Dictionary<Digest, PageReference>(), cancellationToken);

    /// <summary>Writes the last pages of a tree that is built as a stream, and makes it and all content durable.</summary>
    public async Task<PageReference> StoreTreeAsync(TreeBuilder builder, CancellationToken cancellationToken)
    {
        var root = await builder.CompleteAsync().ConfigureAwait(false);
        await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
        return root;
    }

    /// <summary>Makes everything that was written durable, and so gives it its places. Nothing refers to it yet.</summary>
    public Task MakeDurableAsync(CancellationToken cancellationToken) => Content.FlushAsync(cancellationToken);

    /// <summary>Relies on the content of entries.</summary>
    /// <param name="entries">The entries. Their content is durable.</param>
    /// <exception cref="ObjectCleanedUpException">Content is missing.</exception>
    public async Task RelyOnAsync(IEnumerable<ManifestEntry> entries, CancellationToken cancellationToken) =>
        Content.Objects.Add(
            await ReusedContent.ObjectsOfAsync(Store, entries, cancellationToken).ConfigureAwait(false)
        );

    /// <summary>Relies on everything below a tree that it has from versions of one artifact, or has written.</summary>
    /// <param name="tree">Root of the tree. It is durable.</param>
    /// <param name="sources">Versions that protect the shared content as long as they are live and lie where they did.</param>
    /// <param name="isReplaced">Whether missing content of an entry is stored again elsewhere, and the entry will be relocated;
    /// null for never.</param>
    public void RelyOn(
        PageReference tree,
        IEnumerable<PublishedVersion> sources,
        Func<ManifestEntry, bool>? isReplaced = null
    ) => _sharedTrees.Add(new SharedTree(tree, [.. sources], isReplaced ?? (_ => false)));

    /// <summary>Commits a transaction of the artifact whose versions are the sources of all shared trees.</summary>
    /// <param name="update">The transaction. Content of the live versions of its state can't be purged before the transaction,
    /// since their removal would be another transaction in between.</param>
    /// <param name="actions">Actions that were decided on the state.</param>
    /// <returns>False if another transaction came first, and the actions must be decided again.</returns>
    /// <exception cref="AliasProtectedException">A rule refuses to move or remove an alias.</exception>
    /// <exception cref="ObjectCleanedUpException">Content is missing; nothing was committed.</exception>
    /// <exception cref="ObjectMissingException">Content of a source is missing; nothing was committed.</exception>
    public async Task<bool> CommitAsync(
        CatalogUpdate update,
        IReadOnlyList<CatalogAction> actions,
        CancellationToken cancellationToken
    )
    {
        await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
        await RelyOnSharedAsync(update.State, cancellationToken).ConfigureAwait(false);
        await CheckProtectedAsync(update.State.Key, cancellationToken).ConfigureAwait(false);
        return await CommitWithIntentAsync(
                update.NextKey,
                token => update.TryCommitAsync(actions, token),
                needsIntent: update.State.NextVersion == 0,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Commits a record of a log that doesn't order it with removals of versions.</summary>
    /// <remarks>The sources of shared trees are checked again after the commit. A source that was live before may have been
    /// removed, and purged, before the record was created.</remarks>
    /// <param name="key">Key of the record.</param>
    /// <param name="tryAppend">Tries to create the record.</param>
    /// <returns>False if other records came first, and the record must be decided again.</returns>
    /// <exception cref="ObjectCleanedUpException">Content is missing.</exception>
    /// <exception cref="ObjectMissingException">Content of a source is missing; nothing was committed.</exception>
    public async Task<bool> CommitAsync(
        string key,
        Func<CancellationToken, Task<bool>> tryAppend,
        CancellationToken cancellationToken
    )
    {
        await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
        await RelyOnSharedNowAsync(cancellationToken).ConfigureAwait(false);
        if (_sharedTrees.SelectMany(shared => shared.Sources).FirstOrDefault() is { } source)
            await CheckProtectedAsync(source.Key, cancellationToken).ConfigureAwait(false);
        if (!await CommitWithIntentAsync(key, tryAppend, needsIntent: false, cancellationToken).ConfigureAwait(false))
            return false;
        if (await RelyOnSharedNowAsync(cancellationToken).ConfigureAwait(false))
            await Content.Objects.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Discards everything that was not made durable, unless a draft keeps it.</summary>
    public ValueTask DisposeAsync() => _ownsContent ? Content.DisposeAsync() : default;

    // An intent that exists while the objects are checked keeps a purge from deleting them before the commit. That of an artifact's
    // first version shows a new rule for aliases that the rules may have been read before. It stays if the
    // result of the commit is unknown; the next purge closes it.
    private async Task<bool> CommitWithIntentAsync(
        string key,
        Func<CancellationToken, Task<bool>> tryCommit,
        bool needsIntent,
        CancellationToken cancellationToken
    )
    {
        if (Content.Objects.IsEmpty && !needsIntent)
        {
            await Content.AddToIndexAsync(cancellationToken).ConfigureAwait(false);
            return await tryCommit(cancellationToken).ConfigureAwait(false);
        }
        var intent = await CommitIntent.CreateAsync(Store.Objects, key, cancellationToken).ConfigureAwait(false);
        try
        {
            await Content.Objects.EnsureAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactsException e) when (e is ObjectCleanedUpException or ObjectLostException)
        {
            await intent.DeleteAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
        // A clean-up drops records of missing objects, so the objects are restored first.
        await Content.AddToIndexAsync(cancellationToken).ConfigureAwait(false);
        bool isCommitted;
        try
        {
            isCommitted = await tryCommit(cancellationToken).ConfigureAwait(false);
        }
        catch (AliasProtectedException)
        {
            await intent.DeleteAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
        try
        {
            await intent.DeleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ArtifactsException) when (isCommitted)
        {
            // The record exists, so the command has succeeded. The next purge deletes the intent.
        }
        return isCommitted;
    }

    private async Task<bool> RelyOnSharedNowAsync(CancellationToken cancellationToken)
    {
        var source = _sharedTrees.SelectMany(shared => shared.Sources).FirstOrDefault();
        var current = source is null
            ? null
            : await Store.OpenCatalog(source.Key).ReadAsync(cancellationToken).ConfigureAwait(false);
        return await RelyOnSharedAsync(current, cancellationToken).ConfigureAwait(false);
    }

    // Once for each tree, however often the number of the record was taken: nothing in the store deletes protected objects.
    private async Task CheckProtectedAsync(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        foreach (var shared in _sharedTrees.Where(shared => !_checkedTrees.Contains(shared)))
        {
            await new ProtectedObjects(Store, artifact)
                .CheckAsync(shared.Tree, shared.Sources, Content.Objects.Digests, shared.IsReplaced, cancellationToken)
                .ConfigureAwait(false);
            _checkedTrees.Add(shared);
        }
    }

    // Returns whether any content is shared with versions that don't protect it.
    private async Task<bool> RelyOnSharedAsync(CatalogState? current, CancellationToken cancellationToken)
    {
        var any = false;
        foreach (var shared in _sharedTrees)
            if (!await AreUnchangedAsync(shared.Sources, current, cancellationToken).ConfigureAwait(false))
            {
                any = true;
                Content.Objects.Add(
                    await ReusedContent.ObjectsOfAsync(Store, shared.Tree, cancellationToken).ConfigureAwait(false)
                );
            }
        return any;
    }

    private static async Task<bool> AreUnchangedAsync(
        IReadOnlyList<PublishedVersion> sources,
        CatalogState? current,
        CancellationToken cancellationToken
    )
    {
        foreach (var source in sources)
            if (current is null || !await source.IsUnchangedInAsync(current, cancellationToken).ConfigureAwait(false))
                return false;
        return true;
    }

    private sealed record SharedTree(
        PageReference Tree,
        IReadOnlyList<PublishedVersion> Sources,
        Func<ManifestEntry, bool> IsReplaced
    );
}

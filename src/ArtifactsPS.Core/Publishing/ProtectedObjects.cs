using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Checks before a commit that objects of live versions that a new tree relies on exist. No clean-up deletes them, but other
/// programs can. Usually a file of the cache lists the objects of the base version, so that only changed pages are read.
/// Otherwise the whole tree is read.
/// </summary>
/// <param name="artifact">Artifact of the versions.</param>
internal sealed class ProtectedObjects(VersionStore store, ArtifactKey artifact)
{
    private readonly TreeObjectsFile _file = new(store, artifact);

    /// <summary>Checks the objects of a tree.</summary>
    /// <param name="tree">Root of the tree. It is durable.</param>
    /// <param name="sources">Live versions with which the tree shares content.</param>
    /// <param name="written">Objects that are checked otherwise, because they are new or no version protects them.</param>
    /// <param name="isReplaced">Whether the content of an entry is stored again elsewhere, and the entry will be
    /// relocated.</param>
    /// <exception cref="ObjectMissingException">An object is missing.</exception>
    public async Task CheckAsync(
        PageReference tree,
        IReadOnlyList<PublishedVersion> sources,
        ICollection<Digest> written,
        Func<ManifestEntry, bool> isReplaced,
        CancellationToken cancellationToken
    )
    {
        if (Find(sources, written) is { } known)
        {
            // Those that aren't needed any more must stay in the trash.
            var absent = await MissingAsync(known.Objects, written, bringsBack: false, cancellationToken)
                .ConfigureAwait(false);
            if (absent.Count == 0)
            {
                _file.Save(tree, known);
                return;
            }
        }
        var needed = await ReusedContent
            .ProtectedObjectsOfAsync(store, tree, isReplaced, cancellationToken)
            .ConfigureAwait(false);
        var missing = await MissingAsync(needed, written, bringsBack: true, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
            throw new ObjectMissingException(store.Location, StoreLayout.ObjectKey(missing.First()));
        _file.Save(tree, new TreeObjects(needed, needed.Count));
    }

    // Null if the objects of a source are unknown, or most of the known ones are not needed any more.
    private TreeObjects? Find(IReadOnlyList<PublishedVersion> sources, ICollection<Digest> written)
    {
        var objects = new HashSet<Digest>(written);
        var needed = sources.Count == 0 ? written.Count : 0;
        foreach (var source in sources)
        {
            if (_file.Find(source.StoredRoot) is not { } known)
                return null;
            objects.UnionWith(known.Objects);
            needed = known.Needed;
        }
        var all = new TreeObjects(objects, needed);
        return all.AreMostlyNeeded ? all : null;
    }

    private Task<HashSet<Digest>> MissingAsync(
        IEnumerable<Digest> objects,
        ICollection<Digest> written,
        bool bringsBack,
        CancellationToken cancellationToken
    )
    {
        var relied = new ReliedObjects(store.Objects);
        relied.Add(objects.Except(written));
        return relied.FindMissingAsync(bringsBack, cancellationToken);
    }
}

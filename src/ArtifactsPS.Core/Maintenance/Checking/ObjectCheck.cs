using System.Collections.Concurrent;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Holds the objects that are there against those that trees need, and tells what a missing or damaged one means.
/// One problem an object, however many pages and files are touched.</summary>
/// <param name="store">The store.</param>
/// <param name="graph">All trees of the store, read.</param>
/// <param name="pages">Reads pages.</param>
/// <param name="hashes">Reads whole objects.</param>
/// <param name="problems">Told of what is found.</param>
internal sealed class ObjectCheck(
    IObjectStore store,
    PageGraph graph,
    PageReader pages,
    ObjectHashCheck hashes,
    StoreProblems problems
)
{
    private const string AddAgain =
        "Restore the key from a copy of the store; or run Repair-ArtifactStore in the same way, add the files again and publish.";

    private readonly DamageTracer _tracer = new(graph, pages);
    private readonly CurrentTrees _current = new(store, graph);
    private readonly ConcurrentDictionary<Digest, bool> _told = new();

    public long UnneededObjects { get; private set; }

    /// <summary>In bytes.</summary>
    public long UnneededBytes { get; private set; }

    /// <summary>Lists all objects; tells of those that are missing, too short, or none.</summary>
    /// <returns>The others, with their lengths in bytes.</returns>
    public async Task<List<(Digest Digest, long Length)>> CheckLengthsAsync(CancellationToken cancellationToken)
    {
        var listed = new List<(Digest Digest, long Length)>();
        await foreach (var key in store.ListAsync(StoreLayout.Objects, cancellationToken).ConfigureAwait(false))
        {
            if (StoreLayout.ObjectDigest(key.Key) is not { } digest)
                problems.AddUnexpected(key.Key, "An object's name is the SHA-256 of its bytes, and this is none.");
            else if (!graph.Objects.TryGetValue(digest, out var use))
            {
                UnneededObjects++;
                UnneededBytes += key.Length;
                listed.Add((digest, key.Length));
            }
            else
            {
                use.StoredLength = key.Length;
                if (key.Length >= use.NeededLength)
                    listed.Add((digest, key.Length));
            }
        }
        if (graph.Objects.Any(item => item.Value.StoredLength is null))
            await _current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var item in graph.Objects)
            if (item.Value.StoredLength is not { } length)
                await TellMissingAsync(item.Key, cancellationToken).ConfigureAwait(false);
            else if (length < item.Value.NeededLength)
                await TellTruncatedAsync(item.Key, item.Value, cancellationToken).ConfigureAwait(false);
        return listed;
    }

    /// <summary>Tells of an object whose bytes are not what its name says.</summary>
    public async Task TellDamagedAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (!_told.TryAdd(digest, value: true))
            return;
        var damage = graph.Objects.ContainsKey(digest)
            ? await _tracer.TraceDamagedAsync(digest, cancellationToken).ConfigureAwait(false)
            : new Damage();
        const string what = "The object's bytes are not those that its name is the SHA-256 of";
        if (damage.IsNothing)
            problems.Add(
                StoreProblemKind.ObjectDamaged,
                StoreLayout.ObjectKey(digest),
                what + ", but nothing that any version needs is touched.",
                "Nothing is lost. Repair-ArtifactStore -Full stores what is needed of it elsewhere.",
                severity: ProblemSeverity.Warning
            );
        else
            Tell(StoreProblemKind.ObjectDamaged, digest, what, damage);
    }

    /// <summary>Tells of an object that the medium doesn't give.</summary>
    public void TellUnreadable(Digest digest, StoreUnavailableException failure)
    {
        if (_told.TryAdd(digest, value: true))
            problems.Add(
                StoreProblemKind.ObjectUnreadable,
                StoreLayout.ObjectKey(digest),
                failure.Message,
                "Look after the medium, and check again. Where it stays so, restore the key from a copy of the store; or "
                    + "delete it, run Repair-ArtifactStore, add the files again and publish.",
                _tracer.TraceUsers(digest)
            );
    }

    /// <summary>Tells of pages and lists of chunks that can't be read though the objects they lie in are whole.</summary>
    public async Task TellUnreadableAsync(PageGraphReader reader, CancellationToken cancellationToken)
    {
        if (!reader.IsComplete)
            await _current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var page in reader.UnreadablePages.Where(page => _current.Need([page])))
        {
            var damage = new Damage();
            damage.Add(page);
            var location = page.Reference.Location;
            if (
                !_told.ContainsKey(location.Object!.Digest!.Value)
                && await FalseWitnessAsync(location.Object.Digest.Value, UseOf(page), cancellationToken)
                    .ConfigureAwait(false)
                    is { } witness
            )
                TellMisplaced(witness, damage);
            else
                TellUnreadable(StoreProblemKind.PageDamaged, location, page.Failure!, damage);
        }
        foreach (var (page, entry, failure) in reader.UnreadableChunkLists.Where(list => _current.Need([list.Page])))
        {
            var damage = new Damage();
            damage.Add(entry.Path);
            damage.Add(PageGraph.OwnersAbove([page]));
            TellUnreadable(StoreProblemKind.ChunkListDamaged, entry.Location, failure, damage);
        }
    }

    private void TellUnreadable(StoreProblemKind kind, BlobLocation location, ArtifactsException failure, Damage damage)
    {
        var digest = location.Object!.Digest!.Value;
        if (_told.ContainsKey(digest))
            return;
        var what = (failure as ObjectCorruptException)?.Fault ?? "it is missing";
        Tell(kind, digest, $"The object is damaged: {what}", damage);
    }

    private async Task TellMissingAsync(Digest digest, CancellationToken cancellationToken)
    {
        // It may have come while the listing went on.
        var isThere = await store.ExistsAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        if (isThere || !_current.Need(digest))
            return;
        _told[digest] = true;
        var damage = await _tracer.TraceMissingAsync(digest, cancellationToken).ConfigureAwait(false);
        if (
            await FalseWitnessAsync(digest, graph.Objects[digest], cancellationToken).ConfigureAwait(false) is
            { } witness
        )
            TellMisplaced(witness, damage);
        else
            Tell(StoreProblemKind.ObjectMissing, digest, "The object is missing", damage);
    }

    private async Task TellTruncatedAsync(Digest digest, ObjectUse use, CancellationToken cancellationToken)
    {
        _told[digest] = true;
        Tell(
            StoreProblemKind.ObjectTruncated,
            digest,
            $"The object has {use.StoredLength} bytes, and at least {use.NeededLength} are needed",
            await _tracer.TraceDamagedAsync(digest, cancellationToken).ConfigureAwait(false)
        );
    }

    // A page's digest doesn't cover where things lie. Where one page alone says that something is where nothing is, and
    // that page lies in an object that is damaged itself, the page is wrong.
    private async Task<Digest?> FalseWitnessAsync(Digest digest, ObjectUse use, CancellationToken cancellationToken) =>
        DamageTracer.OnlyWitness(use) is { } witness
        && witness != digest
        && await hashes.IsDamagedAsync(witness, cancellationToken).ConfigureAwait(false)
            ? witness
            : null;

    private static ObjectUse UseOf(PageNode page) => new() { Pages = { page } };

    private void TellMisplaced(Digest witness, Damage damage)
    {
        if (_told.TryAdd(witness, value: true))
            Tell(
                StoreProblemKind.PageDamaged,
                witness,
                "A manifest page in the object says that things are where they are not",
                damage
            );
    }

    private void Tell(StoreProblemKind kind, Digest digest, string what, Damage damage)
    {
        var others = string.Concat(damage.Others.Select(subject => $" It is needed by {subject}."));
        problems.Add(
            kind,
            StoreLayout.ObjectKey(digest),
            $"{what}. {damage.PathCount} entries of {damage.Versions.Count} versions are touched.{others}",
            AddAgain,
            damage
        );
    }
}

using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer;

/// <summary>
/// Copies a version with its type, description, metadata and tags to another store. Of its content only what the newest
/// version there doesn't have travels; of its manifest only the pages that hold something else. What was stopped can be
/// run again.
/// </summary>
/// <param name="version">The version.</param>
/// <param name="destination">The other store.</param>
/// <param name="name">What the artifact is called there.</param>
/// <param name="progress">Counts files and bytes of what is not the same there.</param>
public sealed class VersionCopier(
    PublishedVersion version,
    VersionStore destination,
    string name,
    TransferProgress progress
)
{
    private const int EntriesAtOnce = 1 << 15;

    private readonly string _name = Names.CheckName(name);

    /// <summary>Copies the version. It gets the next number there, and <c>latest</c> moves to it; where a live version has
    /// the content already, that one gets the tags and aliases, and nothing else changes.</summary>
    /// <param name="aliases">To be moved to the copy.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The version in the other store.</returns>
    /// <exception cref="ArtifactTypeMismatchException">The artifact is of another type there.</exception>
    /// <exception cref="ObjectMissingException">Content is gone.</exception>
    /// <exception cref="ObjectCorruptException">Content isn't what its digest says.</exception>
    public async Task<PublishedVersion> CopyAsync(
        IReadOnlyList<string> aliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var record = version.Record;
        var place = await ArrivalPlace
            .FindAsync(destination, _name, record.Type, cancellationToken)
            .ConfigureAwait(false);
        var isThere = place.State.Find(record.Digest) is not null;
        var publication = new Publication
        {
            Name = _name,
            Type = record.Type,
            Root = isThere ? record.Root : await CopyContentAsync(place, cancellationToken).ConfigureAwait(false),
            Description = record.Description,
            Metadata = record.Metadata,
            Tags = record.Tags,
            Aliases = aliases,
            KeepsLatest = true,
            RunId = runId,
        };
        return await VersionPublisher
            .PublishAsync(destination, publication, PrepareAsync, cancellationToken)
            .ConfigureAwait(false);

        async Task PrepareAsync(CatalogState current)
        {
            // It was deleted since. The root that is given here is that of the store it comes from.
            if (isThere)
                throw new ArtifactVersionNotFoundException($"{_name}@{record.Digest}", _name, destination.Location);
            await place.KeepReusedAsync(publication.Root, current, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PageReference> CopyContentAsync(ArrivalPlace place, CancellationToken cancellationToken)
    {
        var writer = new ContentWriter(destination.Objects, place.Held);
        await using (writer.ConfigureAwait(false))
        {
            var copier = new ContentCopier(version.Store.Content, destination.Content, place.Known, writer, progress);
            var changes = new List<EntryChange>();
            var some = new List<ManifestEntry>();
            await foreach (var (left, right) in DifferencesAsync(place.Newest, cancellationToken).ConfigureAwait(false))
            {
                if (right is null)
                    changes.Add(new EntryChange(left!.Path, null));
                else
                    some.Add(right);
                if (some.Count == EntriesAtOnce)
                    await CopySomeAsync().ConfigureAwait(false);
            }
            await CopySomeAsync().ConfigureAwait(false);
            changes.Sort((left, right) => left.Path.CompareTo(right.Path));

            var editor = new ManifestEditor(destination.Pages, cancellationToken);
            var tree = await editor.ApplyAsync(place.Newest?.Record.Root, changes).ConfigureAwait(false);
            await new ManifestWriter(new Dictionary<Digest, PageReference>(), writer, cancellationToken)
                .WriteTreeAsync(tree)
                .ConfigureAwait(false);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            return tree;

            async Task CopySomeAsync()
            {
                foreach (var copy in await copier.CopyAsync(some, cancellationToken).ConfigureAwait(false))
                    changes.Add(new EntryChange(copy.Path, copy));
                some.Clear();
            }
        }
    }

    private async IAsyncEnumerable<EntryDifference> DifferencesAsync(
        PublishedVersion? newest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (newest is not null)
            await foreach (
                var difference in ManifestComparer
                    .CompareAsync(newest.Manifest, version.Manifest, cancellationToken)
                    .ConfigureAwait(false)
            )
                yield return difference;
        else
            await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                yield return new EntryDifference(null, entry);
    }
}

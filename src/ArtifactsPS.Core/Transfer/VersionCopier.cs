using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer;

/// <summary>
/// Copies a version with its type, description, metadata, tags, signatures and evidence to another store. Transfers only content and pages that the
/// newest version there doesn't have. A copy that was interrupted can be run again.
/// </summary>
/// <param name="destination">The other store.</param>
/// <param name="name">Name of the artifact in the other store.</param>
/// <param name="progress">Counts files and bytes that differ.</param>
public sealed class VersionCopier(
    PublishedVersion version,
    VersionStore destination,
    ArtifactName name,
    TransferProgress progress
)
{
    private const int EntriesAtOnce = 1 << 15;

    /// <summary>Whether the copy says that it is a link to the version.</summary>
    public bool IsLink { get; init; }

    /// <summary>Where all aliases must be at the time of the transaction; null for anywhere.</summary>
    public AliasExpectation? Expected { get; init; }

    private PublishedVersion Version => version;

    /// <summary>Copies the version under the next number, and moves <c>latest</c> to it. If a live version has the same content,
    /// that version gets the tags and aliases instead.</summary>
    /// <param name="aliases">Aliases to move to the copy.</param>
    /// <param name="runId">Id of the run that copies it; null for none.</param>
    /// <returns>The version in the other store.</returns>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type there.</exception>
    /// <exception cref="ObjectMissingException">Content is missing.</exception>
    /// <exception cref="ObjectCorruptException">Content doesn't match its digest.</exception>
    public async Task<PublishedVersion> CopyAsync(
        IReadOnlyList<AliasName> aliases,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var publication = PublicationWith(aliases, runId);
        var writer = new StoreWriter(destination);
        await using (writer.ConfigureAwait(false))
        {
            var copy = await Publisher
                .PublishAsync(writer, new CopiedContent(this), publication, cancellationToken)
                .ConfigureAwait(false);
            await AttestationStore.CopyAsync(version, copy, cancellationToken).ConfigureAwait(false);
            return copy;
        }
    }

    /// <summary>Checks that the version could be copied now. Changes nothing.</summary>
    /// <inheritdoc cref="CopyAsync" path="/param"/>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type there.</exception>
    public Task CheckAsync(IReadOnlyList<AliasName> aliases, CancellationToken cancellationToken) =>
        Publisher.CheckAsync(
            destination,
            version.Record.Digest,
            PublicationWith(aliases, runId: null),
            cancellationToken
        );

    private Publication PublicationWith(IReadOnlyList<AliasName> aliases, RunId? runId) =>
        new()
        {
            Name = name,
            Type = version.Record.Type,
            Description = version.Record.Description,
            Metadata = version.Record.Metadata,
            Tags = version.Record.Tags,
            Aliases = aliases,
            Expected = Expected,
            KeepsLatest = true,
            RunId = runId,
            Link = IsLink ? LinkSource.Of(version, destination) : null,
        };

    private async Task<PageReference> CopyContentAsync(StoreWriter writer, CancellationToken cancellationToken)
    {
        var target = await TransferTarget
            .ReadAsync(destination, name, version.Record.Type, cancellationToken)
            .ConfigureAwait(false);
        var source = await version.FindSourceAsync(cancellationToken).ConfigureAwait(false);
        var copier = new ContentCopier(
            source.Store.Content,
            destination.Content,
            target.Existing,
            writer.Content,
            progress
        );
        var changes = new List<EntryChange>();
        var batch = new List<ManifestEntry>();
        await foreach (var (left, right) in DifferencesAsync(target.Newest, cancellationToken).ConfigureAwait(false))
        {
            if (right is not null)
                batch.Add(right);
            else if (left is not null)
                changes.Add(new EntryChange(left.Path, null));
            if (batch.Count == EntriesAtOnce)
                await CopyBatchAsync().ConfigureAwait(false);
        }
        await CopyBatchAsync().ConfigureAwait(false);
        changes.Sort((left, right) => left.Path.CompareTo(right.Path));

        var editor = new ManifestEditor(destination.Pages, cancellationToken);
        var tree = await editor.ApplyAsync(target.Newest?.StoredRoot, changes).ConfigureAwait(false);
        var root = await writer.StoreTreeAsync(tree, cancellationToken).ConfigureAwait(false);
        writer.RelyOn(root, target.Sources);
        return root;

        async Task CopyBatchAsync()
        {
            foreach (var copy in await copier.CopyAsync(batch, cancellationToken).ConfigureAwait(false))
                changes.Add(new EntryChange(copy.Path, copy));
            batch.Clear();
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

    private sealed class CopiedContent(VersionCopier copier) : IVersionContent
    {
        public Digest Digest => copier.Version.Record.Digest;

        public Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken) =>
            copier.CopyContentAsync(writer, cancellationToken);
    }
}

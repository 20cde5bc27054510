using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reports;

/// <summary>Reads the data of a report: catalogs, manifests and records of runs, but no content.</summary>
/// <param name="progress">Counts artifacts, as files.</param>
public sealed class ReportReader(ReportLimits limits, TransferProgress progress)
{
    /// <summary>Reads the data of artifacts.</summary>
    /// <param name="artifacts">Artifacts with live versions.</param>
    /// <exception cref="ObjectMissingException">A page of a manifest is missing.</exception>
    /// <exception cref="ObjectCorruptException">A page of a manifest is damaged.</exception>
    public async Task<ArtifactReport> ReadAsync(
        VersionStore store,
        IReadOnlyList<CatalogState> artifacts,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(artifacts.Count, 0);
        var reported = new List<ReportedArtifact>(artifacts.Count);
        foreach (var state in artifacts)
        {
            reported.Add(
                await ReadAsync(store, state, limits.EntriesOfEach(artifacts.Count), cancellationToken)
                    .ConfigureAwait(false)
            );
            progress.AddFile();
        }
        return new ArtifactReport(store.Location, Timestamp.Now(), reported);
    }

    private async Task<ReportedArtifact> ReadAsync(
        VersionStore store,
        CatalogState state,
        int entries,
        CancellationToken cancellationToken
    )
    {
        var record = await state.FindAsync(state.Aliases[AliasName.Latest], cancellationToken).ConfigureAwait(false);
        var latest = new PublishedVersion(store, state, record!);
        var walked = await new LineageWalker(store)
            .WalkAsync(latest, LineageDirection.Both, limits.LineageLevels, cancellationToken)
            .ConfigureAwait(false);
        var lineage = Nearest(walked);
        return new ReportedArtifact
        {
            State = state,
            Versions = await ReadVersionsAsync(store, state, cancellationToken).ConfigureAwait(false),
            Listing = await ReportedListing.ReadAsync(latest, entries, cancellationToken).ConfigureAwait(false),
            Lineage = lineage,
            IsLineageCut =
                lineage.Nodes.Count < walked.Nodes.Count
                || walked.Nodes.Any(node => Math.Abs(node.Level) == limits.LineageLevels),
        };
    }

    private async Task<IReadOnlyList<ReportedVersion>> ReadVersionsAsync(
        VersionStore store,
        CatalogState state,
        CancellationToken cancellationToken
    )
    {
        var numbers = state.VersionNumbers.ToList();
        var aliases = state.Aliases.ToLookup(alias => alias.Value, alias => alias.Key);
        var summaries = new AttestationSummaries(store);
        var attestations = await summaries
            .ReadAsync(
                state.Key,
                numbers[Math.Max(0, numbers.Count - limits.Versions)],
                limits.Attestations,
                cancellationToken
            )
            .ConfigureAwait(false);
        var versions = new List<ReportedVersion>();
        for (var i = Math.Max(0, numbers.Count - limits.Versions); i < numbers.Count; i++)
        {
            var record = (await state.FindAsync(numbers[i], cancellationToken).ConfigureAwait(false))!;
            var before = i == 0 ? null : await state.FindAsync(numbers[i - 1], cancellationToken).ConfigureAwait(false);
            // Other stores are not opened.
            var change =
                before?.StoredRoot is null || record.StoredRoot is null
                    ? null
                    : await VersionChange
                        .BetweenAsync(store.OpenManifest(before), store.OpenManifest(record), cancellationToken)
                        .ConfigureAwait(false);
            var ofSources = await summaries
                .ReadOfSourcesAsync(record, limits.Attestations, cancellationToken)
                .ConfigureAwait(false);
            versions.Add(
                new ReportedVersion(
                    record,
                    aliases.Contains(record.Number) ? state.AliasesOf(record.Number) : [],
                    change,
                    [.. attestations[record.Number], .. ofSources],
                    ShowsMetadata: ReportedVersion.LengthOf(record.Metadata) <= limits.MetadataLength
                )
            );
        }
        return versions;
    }

    private Lineage Nearest(Lineage lineage)
    {
        if (lineage.Nodes.Count <= limits.LineageNodes)
            return lineage;
        var nodes = lineage.Nodes.OrderBy(node => Math.Abs(node.Level)).Take(limits.LineageNodes).ToList();
        var ids = new HashSet<string>(nodes.Select(node => node.Id), StringComparer.Ordinal);
        return new Lineage(nodes, [.. lineage.Edges.Where(edge => ids.Contains(edge.From) && ids.Contains(edge.To))]);
    }
}

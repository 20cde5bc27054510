using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Runs;

/// <summary>
/// Follows the links from a version to runs and from runs to versions, upstream to the versions whose entries it has, and downstream
/// to the collections that link it. Versions of other stores are ends. Each version and run is visited once, so that cycles end. Only
/// links of visited items are read.
/// </summary>
public sealed class LineageWalker(VersionStore store)
{
    private readonly RunLinks _links = new(store);
    private readonly RunJournal _journal = new(store);
    private readonly LinkSearch _collections = new(store);
    private readonly Dictionary<ArtifactName, CatalogState> _catalogs = [];

    // Ids are unique: only ids of versions contain a colon.
    private readonly Dictionary<string, LineageNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<LineageEdge> _edges = [];

    /// <summary>Reads the lineage of a version.</summary>
    /// <param name="maxLevels">Maximum number of steps; runs and versions count alike.</param>
    public async Task<Lineage> WalkAsync(
        PublishedVersion start,
        LineageDirection direction,
        int maxLevels,
        CancellationToken cancellationToken
    )
    {
        var first = await DescribeAsync(new VersionLink(start.Name, start.Record.Number), level: 0, cancellationToken)
            .ConfigureAwait(false);
        _nodes.Add(first.Id, first);
        if (direction != LineageDirection.Downstream)
            await WalkAsync(first, -1, maxLevels, cancellationToken).ConfigureAwait(false);
        if (direction != LineageDirection.Upstream)
            await WalkAsync(first, 1, maxLevels, cancellationToken).ConfigureAwait(false);
        return new Lineage(
            [.. _nodes.Values.OrderBy(node => node.Level).ThenBy(node => node.Id, StringComparer.Ordinal)],
            [
                .. _edges
                    .OrderBy(edge => edge.From, StringComparer.Ordinal)
                    .ThenBy(edge => edge.To, StringComparer.Ordinal),
            ]
        );
    }

    private async Task WalkAsync(LineageNode first, int step, int maxLevels, CancellationToken cancellationToken)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal) { first.Id };
        var pending = new Queue<LineageNode>();
        pending.Enqueue(first);
        while (pending.Count > 0)
        {
            var node = pending.Dequeue();
            if (Math.Abs(node.Level) >= maxLevels)
                continue;
            foreach (var next in await NeighboursAsync(node, step, cancellationToken).ConfigureAwait(false))
            {
                _edges.Add(step > 0 ? new LineageEdge(node.Id, next.Id) : new LineageEdge(next.Id, node.Id));
                if (!visited.Add(next.Id))
                    continue;
                if (!_nodes.ContainsKey(next.Id))
                    _nodes.Add(next.Id, next);
                pending.Enqueue(next);
            }
        }
    }

    private async Task<IReadOnlyList<LineageNode>> NeighboursAsync(
        LineageNode node,
        int step,
        CancellationToken cancellationToken
    )
    {
        var level = node.Level + step;
        var found = new List<LineageNode>();
        // Other stores are not read.
        if (node.Store is not null)
            return found;
        if (node.Kind == LineageKind.Run)
        {
            var role = step > 0 ? RunRole.Output : RunRole.Input;
            foreach (
                var version in await _links
                    .VersionsOfAsync(RunId.Parse(node.Id), role, cancellationToken)
                    .ConfigureAwait(false)
            )
                found.Add(await DescribeAsync(version, level, cancellationToken).ConfigureAwait(false));
        }
        else
        {
            var reference = ArtifactReference.Parse(node.Id);
            var version = new VersionLink(reference.Name, reference.Version!.Value);
            var role = step > 0 ? RunRole.Input : RunRole.Output;
            var runs = await _links
                .RunsOfAsync(_catalogs[version.Name].Key, version.Version, role, cancellationToken)
                .ConfigureAwait(false);
            var record = await _catalogs[version.Name]
                .FindAsync(version.Version, cancellationToken)
                .ConfigureAwait(false);
            // The version names its run, even if the link could not be written.
            var producer = step < 0 ? record?.RunId : null;
            foreach (
                var other in await LinkedVersionsAsync(version, record, step, cancellationToken).ConfigureAwait(false)
            )
                found.Add(await DescribeAsync(other, level, cancellationToken).ConfigureAwait(false));
            if (record is not null)
                found.AddRange(
                    await LinkedElsewhereAsync(version, record, step, level, cancellationToken).ConfigureAwait(false)
                );
            foreach (var id in producer is null ? runs : runs.Append(producer).Distinct())
                found.Add(await DescribeAsync(id, level, cancellationToken).ConfigureAwait(false));
        }
        return found;
    }

    // Upstream, the versions whose entries a version has. Downstream, the collections' versions that link it.
    private async Task<IEnumerable<VersionLink>> LinkedVersionsAsync(
        VersionLink version,
        VersionRecord? record,
        int step,
        CancellationToken cancellationToken
    )
    {
        if (record is null)
            return [];
        if (step > 0)
        {
            var links = await _collections
                .FindAsync(_catalogs[version.Name], version.Version, cancellationToken)
                .ConfigureAwait(false);
            return links
                .Where(link => link is { Version: not null, Store: null })
                .Select(link => new VersionLink(link.Collection, link.Version!.Value));
        }
        var sources = record.Sources.Select(source => new VersionLink(source.Name, source.Version!.Value));
        return record.Link is { IsInSameStore: true } link
            ? sources.Append(new VersionLink(link.Name, link.Version))
            : sources;
    }

    // The source of a link or copy, or the links, in other stores.
    private async Task<IEnumerable<LineageNode>> LinkedElsewhereAsync(
        VersionLink version,
        VersionRecord record,
        int step,
        int level,
        CancellationToken cancellationToken
    )
    {
        if (step < 0)
            return record.Link is { Store: { } place } link ? [Describe(link.Reference, place)] : [];
        var links = await _collections
            .FindAsync(_catalogs[version.Name], version.Version, cancellationToken)
            .ConfigureAwait(false);
        return links
            .Where(link => link.Store is not null)
            .Select(link => Describe(link.Reference, link.Store!))
            .ToList();

        LineageNode Describe(string reference, StorePlace store) =>
            new()
            {
                Reference = reference,
                Kind = LineageKind.Version,
                Name = StorePlace.Qualify(reference, store),
                Type = record.Type.ToString(),
                Level = level,
                IsGone = false,
                Store = store,
            };
    }

    private async Task<LineageNode> DescribeAsync(VersionLink version, int level, CancellationToken cancellationToken)
    {
        if (!_catalogs.TryGetValue(version.Name, out var state))
        {
            state = await store.OpenCatalog(version.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
            // Several names lead to a renamed artifact, which is one node.
            if (_catalogs.TryGetValue(state.Name, out var known))
                state = known;
            _catalogs[version.Name] = _catalogs[state.Name] = state;
        }
        var record = await state.FindAsync(version.Version, cancellationToken).ConfigureAwait(false);
        var reference = ArtifactReference.To(state.Name, version.Version).ToString();
        return new LineageNode
        {
            Reference = reference,
            Kind = LineageKind.Version,
            Name = reference,
            Type = record?.Type.ToString(),
            Level = level,
            IsGone = record is null,
        };
    }

    private async Task<LineageNode> DescribeAsync(RunId runId, int level, CancellationToken cancellationToken)
    {
        var run = await _journal.FindAsync(runId, cancellationToken).ConfigureAwait(false);
        return new LineageNode
        {
            Reference = run?.Id.ToString() ?? runId.Key,
            Kind = LineageKind.Run,
            Name = run?.Name ?? runId.Key,
            Type = run?.JobType,
            Level = level,
            IsGone = run is null,
        };
    }
}

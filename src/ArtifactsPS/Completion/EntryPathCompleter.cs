using ArtifactsPS.Catalogs;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Completion;

/// <summary>Completes the entries of the named version or draft, one folder at a time.</summary>
public sealed class EntryPathCompleter : ArtifactCompleter
{
    private const int MaxCandidates = 200;

    private protected override bool TakesWildcards(string parameterName) => parameterName == "Path";

    private protected override async Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    )
    {
        if (bound.Artifact is not { } artifact)
            return [];
        var entries = EntrySelector.Matching(word, word, _ => true);
        IAsyncEnumerable<ManifestEntry> found;
        if (artifact.Draft is { } draft)
            found = draft.Draft.EntriesAsync(entries, cancellationToken);
        else
        {
            var store = await bound.OpenStoreAsync(stores, cancellationToken).ConfigureAwait(false);
            var version = await store
                .FindAsync(ArtifactReference.Parse(artifact.Text), cancellationToken)
                .ConfigureAwait(false);
            found = version.EntriesAsync(entries, cancellationToken);
        }

        var candidates = new List<string>();
        await foreach (var entry in found.ConfigureAwait(false))
        {
            var path = entry.Path.ToString();
            var slash = path.IndexOf('/', word.Length);
            var candidate = slash < 0 ? path : path.Substring(0, slash + 1);
            if (candidates.Count == 0 || candidates[candidates.Count - 1] != candidate)
                candidates.Add(candidate);
            if (candidates.Count == MaxCandidates)
                break;
        }
        return candidates;
    }
}

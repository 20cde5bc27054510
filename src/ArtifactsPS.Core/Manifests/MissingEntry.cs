using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Explains why a version or draft has no entry of a name.</summary>
public static class MissingEntry
{
    // Of a large folder, only the first entries are compared.
    private const int MaxEntries = 10_000;

    /// <summary>Creates the exception. Its message names the entry, or the folder, that the user most likely meant.</summary>
    /// <param name="path">Path as the user wrote it.</param>
    /// <param name="artifact">The version or draft, for the message.</param>
    /// <param name="entries">Reads the entries of the version or draft.</param>
    public static async Task<ArtifactEntryNotFoundException> ExplainAsync(
        string path,
        string artifact,
        Func<EntrySelector, CancellationToken, IAsyncEnumerable<ManifestEntry>> entries,
        CancellationToken cancellationToken
    )
    {
        var name = path.TrimEnd('/');
        var folder = name.Substring(0, name.LastIndexOf('/') + 1);
        // With a slash for folders, by the name without it.
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = 0;
        var siblings = entries(EntrySelector.Matching(folder, folder, _ => true), cancellationToken);
        await foreach (var entry in siblings.ConfigureAwait(false))
        {
            var full = entry.Path.ToString();
            if (full.StartsWith(name + "/", StringComparison.Ordinal))
                return ArtifactEntryNotFoundException.OfFolder(name, artifact, full);
            var slash = full.IndexOf('/', folder.Length);
            if (slash < 0)
                names[full] = full;
            else
                names[full.Substring(0, slash)] = full.Substring(0, slash + 1);
            if (++read == MaxEntries)
                break;
        }
        var nearest = NearestName.Find(name, names.Keys);
        return new ArtifactEntryNotFoundException(path, artifact, nearest is null ? null : names[nearest]);
    }
}

using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Versions past their expiry. A version with an alias besides <c>latest</c> never expires.</summary>
internal static class ExpiredVersions
{
    /// <summary>Whether a live version may be deleted because of its age.</summary>
    public static bool IsExpired(CatalogState state, VersionRecord version, DateTimeOffset now) =>
        version.ExpiresAt <= now && VersionEditor.AliasesBesidesLatest(state, version.Number).Count == 0;

    /// <summary>Deletes an artifact's expired versions in one transaction.</summary>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
    public static Task<IReadOnlyList<string>> DeleteAsync(
        VersionStore store,
        ArtifactName name,
        DateTimeOffset now,
        string? runId,
        CancellationToken cancellationToken
    ) =>
        // Decided on the newest state: a version may have got an alias or another expiry.
        VersionEditor.DeleteAsync(
            store.OpenCatalog(name),
            state => state.VersionNumbers.Where(number => IsExpired(state, state.Find(number)!, now)),
            runId,
            cancellationToken
        );
}

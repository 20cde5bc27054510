namespace ArtifactsPS.Core.Catalogs;

/// <summary>Versions whose time is over. One with an alias besides <c>latest</c> stays however old it is.</summary>
internal static class ExpiredVersions
{
    /// <summary>Whether a live version may be deleted for its age.</summary>
    public static bool IsExpired(CatalogState state, VersionRecord version, DateTimeOffset now) =>
        version.ExpiresAt <= now && VersionEditor.AliasesBesidesLatest(state, version.Number).Count == 0;

    /// <summary>Deletes an artifact's versions that are expired, in one transaction.</summary>
    /// <returns>What was deleted, such as <c>mnist:v3</c>.</returns>
    public static Task<IReadOnlyList<string>> DeleteAsync(
        VersionStore store,
        string name,
        DateTimeOffset now,
        string? runId,
        CancellationToken cancellationToken
    ) =>
        // An alias may have come meanwhile, or another expiry.
        VersionEditor.DeleteAsync(
            store.OpenCatalog(name),
            state => state.VersionNumbers.Where(number => IsExpired(state, state.Find(number)!, now)),
            runId,
            cancellationToken
        );
}

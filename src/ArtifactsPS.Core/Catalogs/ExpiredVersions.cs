using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Versions past their expiry. A version with an alias besides <c>latest</c>, or with a protected <c>latest</c>, never
/// expires.</summary>
internal static class ExpiredVersions
{
    /// <summary>Whether a live version may be deleted because of its age.</summary>
    public static bool IsExpired(CatalogState state, VersionRecord version, DateTimeOffset now) =>
        version.ExpiresAt <= now
        && VersionEditor.AliasesBesidesLatest(state, version.Number).Count == 0
        && !HasProtectedLatest(state, version.Number);

    private static bool HasProtectedLatest(CatalogState state, int number) =>
        state.Rules.Any(rule => rule.Alias.IsLatest)
        && state.Aliases.TryGetValue(AliasName.Latest, out var holder)
        && holder == number;

    /// <summary>Finds the version of an artifact that has a digest and is not expired: an expired one may be deleted at any
    /// time.</summary>
    /// <returns>The one with the highest number; null if there is none.</returns>
    public static async Task<VersionRecord?> FindUnexpiredAsync(
        VersionStore store,
        CatalogState state,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? now = null;
        await foreach (var version in state.FindAllAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            if (version.ExpiresAt is null)
                return version;
            now ??= await store.Objects.GetTimeAsync(cancellationToken).ConfigureAwait(false);
            if (!IsExpired(state, version, now.Value))
                return version;
        }
        return null;
    }

    /// <summary>Finds the numbers of the expired versions, ascending.</summary>
    public static async Task<IReadOnlyList<int>> FindAsync(
        CatalogState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var numbers = new List<int>();
        await foreach (var version in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            if (IsExpired(state, version, now))
                numbers.Add(version.Number);
        return numbers;
    }

    /// <summary>Deletes an artifact's expired versions in one transaction.</summary>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
    public static Task<IReadOnlyList<string>> DeleteAsync(
        VersionStore store,
        ArtifactKey artifact,
        DateTimeOffset now,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        // Decided on the newest state: a version may have got an alias or another expiry.
        VersionEditor.DeleteAsync(
            store.OpenCatalog(artifact),
            async (state, token) => await FindAsync(state, now, token).ConfigureAwait(false),
            runId,
            cancellationToken
        );
}

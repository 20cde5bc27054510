using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Versions past their expiry. A version with an alias besides <c>latest</c>, with a protected <c>latest</c>, or with
/// links, never expires.</summary>
internal static class ExpiredVersions
{
    /// <summary>Whether a live version has expired, and no collection ever linked it. Reads nothing.</summary>
    public static bool IsExpiredWithoutMarks(CatalogState state, VersionRecord version, DateTimeOffset now) =>
        IsExpiredUnlessLinked(state, version, now) && state.LinkMarksOf(version.Number).Count == 0;

    private static bool IsExpiredUnlessLinked(CatalogState state, VersionRecord version, DateTimeOffset now) =>
        version.ExpiresAt <= now
        && VersionEditor.AliasesBesidesLatest(state, version.Number).Count == 0
        && !HasProtectedLatest(state, version.Number);

    private static async ValueTask<bool> IsExpiredAsync(
        VersionStore store,
        CatalogState state,
        VersionRecord version,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        IsExpiredUnlessLinked(state, version, now)
        && !await LinkSearch
            .BeforeDeletion(store)
            .HasAnyAsync(state, version.Number, cancellationToken)
            .ConfigureAwait(false);

    private static bool HasProtectedLatest(CatalogState state, int number) =>
        state.Rules.Any(rule => rule.Alias.IsLatest)
        && state.Aliases.TryGetValue(AliasName.Latest, out var holder)
        && holder == number;

    /// <summary>Finds the version of an artifact that has a digest and is not expired: an expired one may be deleted at any
    /// time.</summary>
    /// <param name="matches">Another condition that the version must meet.</param>
    /// <returns>The one with the highest number; null if there is none.</returns>
    public static async Task<VersionRecord?> FindUnexpiredAsync(
        VersionStore store,
        CatalogState state,
        Digest digest,
        Func<VersionRecord, bool> matches,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? now = null;
        await foreach (var version in state.FindAllAsync(digest, cancellationToken).ConfigureAwait(false))
        {
            if (!matches(version))
                continue;
            if (version.ExpiresAt is null)
                return version;
            now ??= await store.Objects.GetTimeAsync(cancellationToken).ConfigureAwait(false);
            if (!await IsExpiredAsync(store, state, version, now.Value, cancellationToken).ConfigureAwait(false))
                return version;
        }
        return null;
    }

    /// <summary>Finds the numbers of the expired versions, ascending.</summary>
    public static async Task<IReadOnlyList<int>> FindAsync(
        VersionStore store,
        CatalogState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var numbers = new List<int>();
        await foreach (var version in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            if (await IsExpiredAsync(store, state, version, now, cancellationToken).ConfigureAwait(false))
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
            async (state, token) => await FindAsync(store, state, now, token).ConfigureAwait(false),
            runId,
            cancellationToken
        );
}

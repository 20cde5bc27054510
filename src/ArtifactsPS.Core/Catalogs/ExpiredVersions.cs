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

    /// <summary>Finds the expired versions of an artifact.</summary>
    public static async Task<ExpiredVersionSearch> FindAsync(
        VersionStore store,
        CatalogState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var search = LinkSearch.BeforeDeletion(store);
        var numbers = new List<int>();
        var unverified = new List<UnverifiedExpiry>();
        await foreach (var version in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!IsExpiredUnlessLinked(state, version, now))
                continue;
            var links = await search.FindAsync(state, version.Number, cancellationToken).ConfigureAwait(false);
            if (links.Count == 0)
                numbers.Add(version.Number);
            else if (links.All(link => link.IsUnverified))
                unverified.Add(new(ArtifactReference.To(state.Name, version.Number), links));
        }
        return new(numbers, unverified);
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
            async (state, token) => (await FindAsync(store, state, now, token).ConfigureAwait(false)).Numbers,
            runId,
            cancellationToken
        );
}

/// <summary>Expired versions of an artifact.</summary>
/// <param name="Numbers">Versions that can be deleted, ascending.</param>
/// <param name="Unverified">Versions that are kept because their links can't be verified.</param>
internal sealed record ExpiredVersionSearch(IReadOnlyList<int> Numbers, IReadOnlyList<UnverifiedExpiry> Unverified);

/// <summary>Expired version that is kept, although its links may have been removed.</summary>
/// <param name="Links">Links in stores that can't be read; at least one.</param>
public sealed record UnverifiedExpiry(ArtifactReference Reference, IReadOnlyList<LinkedVersion> Links);

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Reads states of stores in memory or on disk without waiting.</summary>
internal static class CatalogStateExtensions
{
    /// <summary>All values of a state as text.</summary>
    public static string Describe(this CatalogState state) =>
        string.Join(
            '\n',
            state
                .Versions()
                .Select(VersionPage.ToLine)
                .Concat(state.Aliases.Select(alias => $"{alias.Key} {alias.Value}").Order(StringComparer.Ordinal))
                .Append($"{state.Name} {state.Type} {state.LastTransaction} {state.LastDigest} {state.NextVersion}")
        );

    public static VersionRecord? Find(this CatalogState state, int number) =>
        Result(state.FindAsync(number, CancellationToken.None));

    public static VersionRecord? Find(this CatalogState state, Digest digest) =>
        state.Versions().LastOrDefault(version => version.Digest == digest);

    /// <summary>All live versions, ascending by number.</summary>
    public static IReadOnlyList<VersionRecord> Versions(this CatalogState state) =>
        Result(state.ReadVersionsAsync(CancellationToken.None).ToListAsync());

    /// <summary>Encodes a checkpoint.</summary>
    /// <param name="pages">Receives new pages by their digests.</param>
    public static byte[] EncodeCheckpoint(this CatalogState state, Action<VersionPage, byte[]>? pages = null) =>
        Result(
            new ValueTask<byte[]>(
                CatalogCheckpoint.EncodeAsync(
                    state,
                    (page, bytes) =>
                    {
                        pages?.Invoke(page, bytes);
                        return Task.CompletedTask;
                    },
                    CancellationToken.None
                )
            )
        );

    private static T Result<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}

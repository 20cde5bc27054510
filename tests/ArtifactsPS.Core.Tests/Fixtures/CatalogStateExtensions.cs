namespace ArtifactsPS.Core.Tests.Fixtures;

internal static class CatalogStateExtensions
{
    /// <summary>All values of a state as text.</summary>
    public static string Describe(this CatalogState state) =>
        string.Join(
            '\n',
            state
                .Versions.ToLines()
                .Concat(state.Aliases.Select(alias => $"{alias.Key} {alias.Value}").Order(StringComparer.Ordinal))
                .Append($"{state.Name} {state.LastTransaction} {state.LastDigest} {state.NextVersion}")
        );
}

using System.Globalization;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Version that must have an alias for the alias to move.</summary>
/// <param name="Version">Number of the version; null if no version may have the alias.</param>
public sealed record AliasExpectation(int? Version)
{
    /// <summary>Parses <c>v2</c>, a reference such as <c>mnist:v2</c>, or <c>none</c>.</summary>
    /// <exception cref="InvalidAliasExpectationException">The text is something else.</exception>
    public static AliasExpectation Parse(string text)
    {
        if (string.Equals(text, "none", StringComparison.OrdinalIgnoreCase))
            return new AliasExpectation((int?)null);
        var number = text.Substring(text.IndexOf(':') + 1);
        return
            AliasName.IsVersionNumber(number)
            && int.TryParse(number.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new AliasExpectation(version)
            : throw new InvalidAliasExpectationException(text);
    }

    /// <summary>Checks that aliases are where they are expected.</summary>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    internal async Task CheckAsync(
        Catalog catalog,
        CatalogState state,
        IEnumerable<AliasName> aliases,
        CancellationToken cancellationToken
    )
    {
        foreach (var alias in aliases)
        {
            int? actual = state.Aliases.TryGetValue(alias, out var number) ? number : null;
            if (actual != Version)
                throw new AliasMovedException(
                    state.Name,
                    alias,
                    Version,
                    actual,
                    await catalog.FindMoveAsync(state, alias, cancellationToken).ConfigureAwait(false)
                );
        }
    }
}

/// <summary>The text names no version that may have an alias.</summary>
public sealed class InvalidAliasExpectationException(string text)
    : ArtifactsException(
        $"Invalid expectation '{text}'. Give the version that has the alias, such as 'v2', or 'none' for a new alias.",
        text
    )
{
    public override string ErrorId => "InvalidAliasExpectation";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>An alias is not where a writer expects it, because someone has moved it.</summary>
/// <param name="expected">Version that was expected to have the alias; null for none.</param>
/// <param name="actual">Version that has it; null for none.</param>
/// <param name="move">The transaction that moved it; null if it was never set.</param>
public sealed class AliasMovedException(
    ArtifactName artifact,
    AliasName alias,
    int? expected,
    int? actual,
    CatalogTransaction? move
)
    : ArtifactsException(
        $"'{artifact}:{alias}' {State(actual)}, but {Name(expected)} was expected. {Describe(move, actual)} Get-ArtifactHistory "
            + $"'{artifact}' shows all moves. Decide again, and give -Expect {Name(actual)}.",
        $"{artifact}:{alias}"
    )
{
    /// <summary>Version that has the alias; null for none.</summary>
    public int? Actual { get; } = actual;

    /// <summary>The author of the move; null if the alias was never set.</summary>
    public string? MovedBy { get; } = move?.By;

    /// <summary>Time of the move; null if the alias was never set.</summary>
    public DateTimeOffset? MovedAt { get; } = move?.At;

    public override string ErrorId => "AliasMoved";

    public override ErrorKind Kind => ErrorKind.ResourceExists;

    private static string State(int? version) => version is null ? "does not exist" : $"is {Name(version)}";

    private static string Name(int? version) =>
        version is { } number ? "v" + number.ToString(CultureInfo.InvariantCulture) : "none";

    private static string Describe(CatalogTransaction? move, int? actual) =>
        move is null
            ? "It was never set."
            : $"{move.By} {(actual is null ? "removed" : "moved")} it at {Timestamp.Format(move.At)} "
                + $"(transaction {move.Number.ToString(CultureInfo.InvariantCulture)}).";
}

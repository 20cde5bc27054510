using ArtifactsPS.Core;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Argument of <c>-Expect</c>, which says where aliases are before they move.</summary>
internal static class ExpectArgument
{
    /// <summary>Parses the argument.</summary>
    /// <param name="text">The argument; null if it is missing.</param>
    /// <param name="aliases">The aliases to move.</param>
    /// <returns>Null for anywhere.</returns>
    /// <exception cref="AliasMissingException">No alias moves.</exception>
    public static AliasExpectation? Parse(string? text, IReadOnlyCollection<AliasName> aliases)
    {
        if (text is null)
            return null;
        var expected = AliasExpectation.Parse(text);
        return aliases.Count > 0 ? expected : throw new AliasMissingException();
    }
}

/// <summary><c>-Expect</c> was given without <c>-Alias</c>.</summary>
public sealed class AliasMissingException()
    : ArtifactsException("-Expect needs -Alias: it says which version has the alias now.", null)
{
    public override string ErrorId => "AliasMissing";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

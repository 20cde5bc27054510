using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version can't be deleted as long as it is called something besides <c>latest</c>.</summary>
public sealed class AliasInUseException(string reference, IReadOnlyList<string> aliases)
    : ArtifactsException(
        $"'{reference}' has the alias {string.Join(", ", aliases.Select(alias => $"'{alias}'"))}. "
            + "Give -Force to delete it all the same, or move the alias with Set-ArtifactAlias first.",
        reference
    )
{
    public override string ErrorId => "AliasInUse";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}

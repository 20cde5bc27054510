using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version to delete has an alias besides <c>latest</c>.</summary>
public sealed class AliasInUseException(string reference, IReadOnlyList<AliasName> aliases)
    : ArtifactsException(
        $"'{reference}' has the alias {string.Join(", ", aliases.Select(alias => $"'{alias}'"))}. "
            + "Use -Force to delete it anyway, or move the alias with Set-ArtifactAlias first.",
        reference
    )
{
    public override string ErrorId => "AliasInUse";

    public override ErrorKind Kind => ErrorKind.ResourceBusy;
}

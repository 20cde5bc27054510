using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>A draft was used after it was published.</summary>
public sealed class ArtifactSpentException(ArtifactName name)
    : ArtifactsException(
        $"The draft of '{name}' was published already and can't be changed. Begin another one with: New-ArtifactDraft '{name}'",
        name.ToString()
    )
{
    public override string ErrorId => "ArtifactSpent";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

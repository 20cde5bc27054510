using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>A draft was to be published to another store than its own, which has its content.</summary>
/// <param name="own">Location of the draft's store.</param>
/// <param name="given">Location of the store given by the user.</param>
public sealed class DraftInOtherStoreException(ArtifactName name, string own, string given)
    : ArtifactsException(
        $"The draft of '{name}' belongs to the store '{own}', and can't be published to '{given}'. "
            + $"Begin it with -Store '{given}', or publish it to its own store and copy the version with Copy-Artifact.",
        name.ToString()
    )
{
    public override string ErrorId => "DraftInOtherStore";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Distributed;

/// <summary>A version that several writers make together takes no more contributions.</summary>
public sealed class DistributedArtifactLockedException(string name, string id, string why)
    : ArtifactsException(
        $"'{name}' takes no more contributions under '{id}': {why}. This contribution was not taken. "
            + "Contribute under another distributed id, or publish a new version.",
        id
    )
{
    public override string ErrorId => "DistributedArtifactLocked";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

/// <summary>Two writers contributed different content for one path.</summary>
public sealed class DistributedConflictException(string name, string id, string path, string first, string second)
    : ArtifactsException(
        $"'{path}' of '{name}' was contributed with different content by '{first}' and by '{second}' (distributed id '{id}'). "
            + "Nothing was sealed. Let one of them contribute the path again as the other has it, or complete with "
            + "-ConflictAction FirstWins or LastWins.",
        path
    )
{
    public override string ErrorId => "DistributedConflict";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

/// <summary>Contributions to one version must begin from one base.</summary>
public sealed class DistributedBaseMismatchException(string name, string id, string given, string expected)
    : ArtifactsException(
        $"The contribution to '{name}' under '{id}' begins from {given}, but those before it begin from {expected}. "
            + "All contributions to one version need the same base version, or none.",
        id
    )
{
    public override string ErrorId => "DistributedBaseMismatch";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

/// <summary>Nobody contributes to an artifact under an id.</summary>
public sealed class DistributedArtifactNotFoundException(string name, string id, string store)
    : ArtifactsException(
        $"There are no contributions to '{name}' under '{id}' in the store '{store}'. "
            + "Get-DistributedArtifact lists what is open; Set-DistributedArtifact contributes.",
        id
    )
{
    public override string ErrorId => "DistributedArtifactNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>A text that can't be a distributed id.</summary>
public sealed class InvalidDistributedIdException(string id, string fault)
    : ArtifactsException($"'{id}' can't be a distributed id: {fault}.", id)
{
    public override string ErrorId => "InvalidDistributedId";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

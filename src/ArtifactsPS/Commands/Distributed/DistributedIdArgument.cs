using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Distributed;

/// <summary>Id that the writers of one distributed artifact share.</summary>
internal static class DistributedIdArgument
{
    /// <summary>Returns the given id, else the group of the current run.</summary>
    /// <exception cref="InvalidDistributedIdException">The id is invalid.</exception>
    /// <exception cref="DistributedIdMissingException">Neither an id nor a group is set.</exception>
    public static DistributedId Resolve(string? given) =>
        DistributedId.Parse(given ?? CurrentRun.Group ?? throw new DistributedIdMissingException());
}

/// <summary>No distributed id was given, and the current run has no group.</summary>
public sealed class DistributedIdMissingException()
    : ArtifactsException(
        "There is no distributed id. Give -DistributedId, or start a run in a group: Start-ArtifactRun -Group, or "
            + "ARTIFACTS_RUN_GROUP in the environment.",
        target: null
    )
{
    public override string ErrorId => "DistributedIdMissing";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Distributed;

/// <summary>What the writers of one version have in common.</summary>
internal static class DistributedIdArgument
{
    /// <summary>The id that was given, else the group of the run.</summary>
    /// <exception cref="DistributedIdMissingException">There is neither.</exception>
    public static string Resolve(string? given) =>
        given ?? CurrentRun.Group ?? throw new DistributedIdMissingException();
}

/// <summary>Neither a distributed id nor a run with a group.</summary>
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

using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class CopyPeer(Workspace workspace) : Peer(workspace)
{
    public override Command Publish() => new("cp", "-r", Data + "/.", Store);

    public override Command PublishAgain() => new("cp", "-ru", Data + "/.", Store);

    public override Command Restore() => new("cp", "-r", Store + "/.", Destination);

    public override Command RestoreAgain() => new("cp", "-ru", Store + "/.", Destination);
}

using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class CopyPeer(Workspace workspace) : Peer(workspace)
{
    public override Command Publish() => new("cp", "-r", "--reflink=never", Data + "/.", Store);

    public override Command PublishAgain() => new("cp", "-ru", "--reflink=never", Data + "/.", Store);

    public override Command Restore() => new("cp", "-r", "--reflink=never", Store + "/.", Destination);

    public override Command RestoreAgain() => new("cp", "-ru", "--reflink=never", Store + "/.", Destination);
}

using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class TarPeer(Workspace workspace) : Peer(workspace)
{
    private string Archive => Path.Combine(Store, "data.tar");

    public override Command Publish() => new("tar", "-cf", Archive, "-C", Data, ".");

    public override Command Restore() => new("tar", "-xf", Archive, "-C", Destination);

    public override Command ReadFile() => new("tar", "-xOf", Archive, "./" + ChangingFile);
}

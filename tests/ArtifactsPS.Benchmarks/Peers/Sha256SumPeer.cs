using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class Sha256SumPeer(Workspace workspace) : Peer(workspace)
{
    private string Sums => Path.Combine(Store, "sums");

    public override Command Publish() =>
        Command.Shell("find . -type f -print0 | xargs -0 sha256sum > \"$1\"", Sums) with
        {
            Folder = Data,
        };

    public override Command Verify() => new("sha256sum", "--check", "--quiet", Sums) { Folder = Data };
}

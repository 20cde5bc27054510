using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class OstreePeer(Workspace workspace) : Peer(workspace)
{
    private const string Branch = "data";

    public override Command Initialize() => Ostree("init", "--mode=bare-user");

    public override Command Publish() => Ostree("commit", $"--branch={Branch}", $"--tree=dir={Data}");

    public override Command Restore() =>
        Ostree("checkout", "--user-mode", "--force-copy", "--union", Branch, Destination);

    public override Command Verify() => Ostree("fsck", "--quiet");

    public override Command Compare() => Ostree("diff", Branch + "^", Branch);

    public override Command ReadFile() => Ostree("cat", Branch, "/" + ChangingFile);

    public override Command Start() => new("ostree", "--version");

    private Command Ostree(string command, params string[] arguments) =>
        new("ostree", [command, $"--repo={Store}", .. arguments]);
}

using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class BorgPeer(Workspace workspace) : Peer(workspace)
{
    private int _archives;

    private string Last => $"::v{_archives}";

    public override Command Initialize()
    {
        _archives = 0;
        return Borg("init", "--encryption", "none");
    }

    public override Command Publish()
    {
        _archives++;
        return Borg("create", "--compression", "none", Last, ".") with { Folder = Data };
    }

    public override Command Restore() => Borg("extract", Last) with { Folder = Destination };

    public override Command Verify() => Borg("check", "--verify-data");

    public override Command Compare() => Borg("diff", $"::v{_archives - 1}", $"v{_archives}");

    public override Command ReadFile() => Borg("extract", "--stdout", Last, ChangingFile);

    public override Command Start() => Borg("--version");

    private Command Borg(params string[] arguments) =>
        new("borg", arguments)
        {
            Environment =
            [
                ("BORG_REPO", Store),
                ("BORG_BASE_DIR", Workspace.Home),
                ("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes"),
            ],
        };
}

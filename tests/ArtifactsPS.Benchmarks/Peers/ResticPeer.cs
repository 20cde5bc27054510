using System.Text.Json;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class ResticPeer(Workspace workspace) : Peer(workspace)
{
    public override Command Initialize() => Restic("init");

    public override Command Publish() => Restic("backup", ".") with { Folder = Data };

    public override Command Restore() => Restic("restore", "latest", "--target", Destination);

    public override Command Verify() => Restic("check", "--read-data");

    public override Command Compare()
    {
        using var snapshots = JsonDocument.Parse(ProcessTimer.Read(Restic("snapshots", "--json")));
        var ids = snapshots.RootElement.EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
        return Restic("diff", ids[^2], ids[^1]);
    }

    public override Command ReadFile() => Restic("dump", "latest", "/" + ChangingFile);

    public override Command Start() => Restic("version");

    private Command Restic(params string[] arguments) =>
        new("restic", [.. arguments, "--quiet"])
        {
            Environment =
            [
                ("RESTIC_REPOSITORY", Store),
                ("RESTIC_PASSWORD", "benchmark"),
                ("RESTIC_CACHE_DIR", Workspace.Home),
            ],
        };
}

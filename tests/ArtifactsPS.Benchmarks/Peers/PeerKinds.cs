using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>All programs that can be measured, this module first.</summary>
internal static class PeerKinds
{
    public const string Artifacts = "artifacts";
    public const string Baseline = "baseline";

    /// <param name="host">Path of <c>artifacts.dll</c>, or of the executable of a self-contained Host.</param>
    /// <param name="baseline">Path of a second Host to measure; null for none.</param>
    public static IEnumerable<PeerKind> All(string host, string? baseline)
    {
        yield return Module(Artifacts, host);
        if (baseline is not null)
            yield return Module(Baseline, baseline);
        yield return new PeerKind("limit", LimitPeer.Version, workspace => new LimitPeer(workspace))
        {
            Remark =
                "a bare program that reads, hashes (SHA-256) and writes the same bytes on all cores, with no structure, and "
                + "flushes them to the disk",
        };
        yield return new PeerKind("restic", new Command("restic", "version"), workspace => new ResticPeer(workspace))
        {
            Remark = "its defaults: it compresses and encrypts",
        };
        yield return new PeerKind("borg", new Command("borg", "--version"), workspace => new BorgPeer(workspace))
        {
            Remark = "no compression, no encryption",
        };
        yield return new PeerKind(
            "ostree",
            Command.Shell("ostree --version | grep Version"),
            workspace => new OstreePeer(workspace)
        )
        {
            Remark = "mode bare-user, no compression; restores copies, not hard links",
        };
        yield return new PeerKind("git", new Command("git", "--version"), workspace => new GitPeer(workspace))
        {
            Remark = "no compression; add and commit; restores with a separate index",
        };
        yield return new PeerKind("cp", new Command("cp", "--version"), workspace => new CopyPeer(workspace))
        {
            Remark = "cp -r; cp -ru where nothing has changed; without reflinks",
        };
        yield return new PeerKind("tar", new Command("tar", "--version"), workspace => new TarPeer(workspace));
        yield return new PeerKind(
            "sha256sum",
            new Command("sha256sum", "--version"),
            workspace => new Sha256SumPeer(workspace)
        )
        {
            Remark = "publishing creates a file of checksums, verifying checks them; on one core",
        };
    }

    private static PeerKind Module(string name, string host) =>
        new(name, ArtifactsPeer.CommandOf(host, "--version"), workspace => new ArtifactsPeer(workspace, host))
        {
            Remark = ArtifactsPeer.IsSelfContained(host)
                ? "the Host, published as self-contained"
                : "the Host, run by the installed .NET",
        };
}

using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

internal sealed class GitPeer(Workspace workspace) : Peer(workspace)
{
    private string RestoredIndex => Path.Combine(Workspace.Home, "restored-index");

    public override Command Initialize() => Git(Data, "git init --quiet");

    public override Command Publish() =>
        Git(Data, "git add --all --force . && git commit --quiet --allow-empty --message version");

    public override Command Restore()
    {
        File.Delete(RestoredIndex);
        return RestoreAgain();
    }

    // A separate index records the restored files, as the index of a working tree does.
    public override Command RestoreAgain()
    {
        var git = Git(Destination, "git read-tree -m -u HEAD");
        return git with { Environment = [.. git.Environment, ("GIT_INDEX_FILE", RestoredIndex)] };
    }

    public override Command Verify() => Git(Data, "git fsck --full --no-progress");

    public override Command Compare() => Git(Data, "git diff --name-status HEAD~1 HEAD");

    public override Command ReadFile() => Git(Data, "git cat-file blob \"HEAD:$1\"", ChangingFile);

    public override Command Start() => new("git", "--version");

    private Command Git(string workTree, string script, params string[] arguments) =>
        Command.Shell(script, arguments) with
        {
            Folder = workTree,
            Environment =
            [
                ("HOME", Workspace.Home),
                ("GIT_DIR", Store),
                ("GIT_WORK_TREE", workTree),
                ("GIT_AUTHOR_NAME", "benchmark"),
                ("GIT_AUTHOR_EMAIL", "benchmark@localhost"),
                ("GIT_COMMITTER_NAME", "benchmark"),
                ("GIT_COMMITTER_EMAIL", "benchmark@localhost"),
                ("GIT_CONFIG_COUNT", "3"),
                ("GIT_CONFIG_KEY_0", "core.compression"),
                ("GIT_CONFIG_VALUE_0", "0"),
                ("GIT_CONFIG_KEY_1", "gc.auto"),
                ("GIT_CONFIG_VALUE_1", "0"),
                ("GIT_CONFIG_KEY_2", "safe.directory"),
                ("GIT_CONFIG_VALUE_2", "*"),
            ],
        };
}

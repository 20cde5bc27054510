using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>This module, run by the Host.</summary>
internal sealed class ArtifactsPeer(Workspace workspace, string host) : Peer(workspace)
{
    private const int Writers = 8;

    // Starts a process for each line, waits for all, then runs the last line.
    private const string AllAtOnce = """
        host=$1 last=$2
        shift 2
        run() { case $host in *.dll) exec dotnet "$host" -c "$1" ;; *) exec "$host" -c "$1" ;; esac }
        for line; do run "$line" & processes="$processes $!"; done
        for process in $processes; do wait "$process" || exit 1; done
        run "$last"
        """;

    private (string Name, string Value)[] OwnFolders =>
        [("HOME", Workspace.Home), ("XDG_DATA_HOME", Workspace.Home), ("XDG_CACHE_HOME", Workspace.Home)];

    private string Draft => $"New-Artifact data dataset -Store {Quote(Store)}";

    public override Command Initialize() => Line($"New-ArtifactStore {Quote(Store)}");

    public override Command Publish() => Line($"{Draft} | Add-ArtifactDirectory {Quote(Data)} | Publish-Artifact");

    // The Host has no Get-ChildItem; this way of listing files also costs less.
    public override Command PublishListed() =>
        Line(
            $"[IO.DirectoryInfo]::new({Quote(Data)}).EnumerateFiles('*', 'AllDirectories') |"
                + $" Add-ArtifactFile -Artifact ($draft = {Draft}) -RelativeTo {Quote(Data)}; Publish-Artifact $draft"
        );

    public override Command? PublishTogether()
    {
        var folders = Directory.GetDirectories(Data).Select(folder => Path.GetFileName(folder)!).ToList();
        if (folders.Count < Writers)
            return null;
        var contributions = Enumerable
            .Range(0, Writers)
            .Select(writer =>
            {
                var own = folders.Where((_, index) => index % Writers == writer).Select(Quote);
                return $"$ErrorActionPreference = 'Stop'; $draft = {Draft}; foreach ($name in {string.Join(',', own)}) {{"
                    + $" Add-ArtifactDirectory \"{Data}/$name\" -Artifact $draft -Destination $name }};"
                    + $" Set-DistributedArtifact $draft -DistributedId together -Contributor writer-{writer}";
            });
        var completion =
            $"$ErrorActionPreference = 'Stop'; Complete-DistributedArtifact -Name data -DistributedId together -Store {Quote(Store)}";
        return Command.Shell(AllAtOnce, [host, completion, .. contributions]) with { Environment = OwnFolders };
    }

    public override Command PublishChange() =>
        Line(
            $"New-ArtifactDraft data -Store {Quote(Store)} |"
                + $" Add-ArtifactFile {Quote(Path.Combine(Data, ChangingFile))} -Name {Quote(ChangingFile)} -Force |"
                + " Publish-Artifact"
        );

    public override Command Restore() => Line($"Save-Artifact data {Quote(Destination)} -Store {Quote(Store)}");

    public override Command Verify() =>
        Line($"if (-not (Test-ArtifactStore -Full -Quiet -Store {Quote(Store)})) {{ throw 'The store is damaged.' }}");

    public override Command Compare() => Line($"Compare-Artifact data:v0 data:v1 -Store {Quote(Store)}");

    // A file longer than the longest array can't be read at once.
    public override Command? ReadFile() =>
        new FileInfo(Path.Combine(Data, ChangingFile)).Length > Array.MaxLength
            ? null
            : Line($"$null = Get-ArtifactContent data {Quote(ChangingFile)} -AsByteStream -Raw -Store {Quote(Store)}");

    public override Command Start() => Line("");

    // The time that the script reports excludes the start of .NET and PowerShell, and the module's import.
    private Command Line(string line)
    {
        var ownTime = Path.Combine(Workspace.Home, "own-time");
        var script =
            $"$ErrorActionPreference = 'Stop'; $clock = [Diagnostics.Stopwatch]::StartNew(); {line};"
            + $" [IO.File]::WriteAllText({Quote(ownTime)}, $clock.Elapsed.TotalMilliseconds.ToString('R', [cultureinfo]::InvariantCulture))";
        return CommandOf(host, "-c", script) with { OwnTimeFile = ownTime, Environment = OwnFolders };
    }

    /// <summary>Command that runs a Host, self-contained or by the installed .NET.</summary>
    public static Command CommandOf(string host, params string[] arguments) =>
        IsSelfContained(host) ? new Command(host, arguments) : new Command("dotnet", [host, .. arguments]);

    /// <summary>Whether a Host contains .NET.</summary>
    public static bool IsSelfContained(string host) => !host.EndsWith(".dll", StringComparison.Ordinal);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

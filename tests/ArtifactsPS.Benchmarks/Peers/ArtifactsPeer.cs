using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>This module, in a process of the Host.</summary>
internal sealed class ArtifactsPeer(Workspace workspace, string host) : Peer(workspace)
{
    private string Draft => $"New-Artifact data dataset -Store {Quote(Store)}";

    public override Command Initialize() => Line($"New-ArtifactStore {Quote(Store)}");

    public override Command Publish() => Line($"{Draft} | Add-ArtifactDirectory {Quote(Data)} | Publish-Artifact");

    public override Command PublishChange() =>
        Line(
            $"New-ArtifactDraft data -Store {Quote(Store)} |"
                + $" Add-ArtifactFile {Quote(Path.Combine(Data, ChangingFile))} -Name {Quote(ChangingFile)} -Force |"
                + " Publish-Artifact"
        );

    public override Command Restore() => Line($"Save-Artifact data {Quote(Destination)} -Store {Quote(Store)}");

    public override Command Verify() =>
        Line($"if (-not (Test-Artifact data -Quiet -Store {Quote(Store)})) {{ throw 'The store is damaged.' }}");

    public override Command Compare() => Line($"Compare-Artifact data:v0 data:v1 -Store {Quote(Store)}");

    // A file that no byte array can hold is restored, not read.
    public override Command? ReadFile() =>
        new FileInfo(Path.Combine(Data, ChangingFile)).Length > Array.MaxLength
            ? null
            : Line($"$null = Get-ArtifactContent data {Quote(ChangingFile)} -AsByteStream -Raw -Store {Quote(Store)}");

    public override Command Start() => Line("");

    // What it says itself it took leaves out the start of .NET and PowerShell and the module's import.
    private Command Line(string line)
    {
        var ownTime = Path.Combine(Workspace.Home, "own-time");
        var script =
            $"$ErrorActionPreference = 'Stop'; $clock = [Diagnostics.Stopwatch]::StartNew(); {line};"
            + $" [IO.File]::WriteAllText({Quote(ownTime)}, $clock.Elapsed.TotalMilliseconds.ToString('R', [cultureinfo]::InvariantCulture))";
        return new Command("dotnet", host, "-c", script)
        {
            OwnTimeFile = ownTime,
            Environment =
            [
                ("HOME", Workspace.Home),
                ("XDG_DATA_HOME", Workspace.Home),
                ("XDG_CACHE_HOME", Workspace.Home),
            ],
        };
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

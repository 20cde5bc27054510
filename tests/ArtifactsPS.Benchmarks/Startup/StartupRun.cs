using System.Globalization;
using ArtifactsPS.Benchmarks.Data;

namespace ArtifactsPS.Benchmarks.Startup;

/// <summary>Measures commands in new processes and in warm sessions. Times are those of the commands alone, without the start of
/// PowerShell.</summary>
/// <param name="pwsh">Path of <c>pwsh</c>, or of its <c>pwsh.dll</c>.</param>
/// <param name="module">Path of the module's manifest.</param>
/// <param name="folder">Folder for stores.</param>
internal sealed class StartupRun(string pwsh, string module, string folder)
{
    private const int Few = 1000;
    private const int Many = 100_000;
    private const int Repetitions = 15;

    private readonly PwshSession _session = new(pwsh, Directory.CreateDirectory(Path.Combine(folder, "home")).FullName);

    private string File => Path.Combine(folder, "file.bin");

    private SessionStep Import => new("import", $"Import-Module {PwshSession.Quote(module)}");

    // The script also changes the file, so that each repetition publishes a new version.
    private string NewContent => $"[IO.File]::WriteAllText({PwshSession.Quote(File)}, [Guid]::NewGuid().ToString())";

    /// <summary>Measures importing the module, and the first commands after it, each in a process of its own.</summary>
    public async Task<IReadOnlyList<Goal>> FirstCommandsAsync(int rounds, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "few");
        await StartupStores.CreateVersionAsync(path, 10, cancellationToken).ConfigureAwait(false);
        var store = PwshSession.Quote(path);
        var import = new Goal("Import", 100, "ms");
        var get = new Goal("First Get-Artifact", 50, "ms");
        var publish = new Goal("First publish of one file", 120, "ms");
        for (var round = -1; round < rounds; round++)
        {
            var first = _session.Run([Import, new("get", $"$null = Get-Artifact data -Store {store}")]);
            var second = _session.Run([
                Import,
                new(
                    "publish",
                    $"$null = New-Artifact one data -Store {store} | Add-ArtifactFile {PwshSession.Quote(File)} | Publish-Artifact",
                    NewContent
                ),
            ]);
            // The first round fills the system's caches.
            if (round < 0)
                continue;
            import.Add(first["import"]);
            import.Add(second["import"]);
            get.Add(first["get"]);
            publish.Add(second["publish"]);
        }
        return [import, get, publish];
    }

    /// <summary>Measures listing the newest versions of many artifacts.</summary>
    public async Task<IReadOnlyList<Goal>> ListAsync(int artifacts, int rounds, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "artifacts");
        await StartupStores.CreateArtifactsAsync(path, artifacts, cancellationToken).ConfigureAwait(false);
        var step = new SessionStep("list", $"$null = Get-Artifact -Store {PwshSession.Quote(path)}");
        var warm = new Goal(
            string.Create(CultureInfo.InvariantCulture, $"Get-Artifact of {artifacts:n0} artifacts, warm session"),
            150,
            "ms"
        );
        for (var round = 0; round < rounds; round++)
            warm.Add(_session.Run([Import, .. Enumerable.Repeat(step, Repetitions)])["list"].Skip(Repetitions / 2));
        return [warm];
    }

    /// <summary>Measures publishing a version that differs in one file.</summary>
    /// <param name="entries">Entries of the largest version.</param>
    public async Task<IReadOnlyList<Goal>> ChangeAsync(int entries, int rounds, CancellationToken cancellationToken)
    {
        var few = await MeasureChangeAsync(Few, rounds, cancellationToken).ConfigureAwait(false);
        var many = await MeasureChangeAsync(Many, rounds, cancellationToken).ConfigureAwait(false);
        var ratio = new Goal("One changed file of 100,000 compared with 1,000, new process", 1.5, "×");
        ratio.Add(many[0].Median / few[0].Median);
        var warmRatio = new Goal("One changed file of 100,000 compared with 1,000, warm session", 1.5, "×");
        warmRatio.Add(many[1].Median / few[1].Median);
        return
        [
            .. await MeasureChangeAsync(entries, rounds, cancellationToken).ConfigureAwait(false),
            ratio,
            warmRatio,
        ];
    }

    private async Task<Goal[]> MeasureChangeAsync(int entries, int rounds, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "change");
        await StartupStores.CreateVersionAsync(path, entries, cancellationToken).ConfigureAwait(false);
        var name = string.Create(CultureInfo.InvariantCulture, $"One changed file of {entries:n0}, ");
        var first = new Goal(name + "new process", 100, "ms");
        var warm = new Goal(name + "warm session", 10, "ms");
        var growth = new Goal(name + "growth of the store", 25, "KB");
        for (var round = -1; round < rounds; round++)
        {
            var before = Trees.Measure(path).Bytes;
            var times = _session.Run([Import, .. Enumerable.Range(0, Repetitions).Select(i => Change(path, i))]);
            if (round < 0)
                continue;
            growth.Add((Trees.Measure(path).Bytes - before) / 1000.0 / Repetitions);
            first.Add(times["change"].Take(1));
            warm.Add(times["change"].Skip(Repetitions / 2));
        }
        Directory.Delete(path, recursive: true);
        return [first, warm, growth];
    }

    private SessionStep Change(string path, int index) =>
        new(
            "change",
            $"$null = New-ArtifactDraft data -Store {PwshSession.Quote(path)} |"
                + $" Add-ArtifactFile {PwshSession.Quote(File)} -Name {StartupStores.PathOf(index * 17)} -Force | Publish-Artifact",
            NewContent
        );
}

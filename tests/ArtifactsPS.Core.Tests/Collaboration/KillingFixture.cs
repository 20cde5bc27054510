namespace ArtifactsPS.Tests;

/// <summary>Kills writers, as processes, before and after each thing they ask of the store.</summary>
public abstract class KillingFixture : IDisposable
{
    private protected const string Name = "results";

    private const int ProcessesAtOnce = 4;
    private const int MaxPoints = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    // Of each point that a program passes there is a store of its own, and a copy of it for each thing that may follow.
    private protected async Task KillAtEveryPointAsync(
        string command,
        string[] arguments,
        Func<VersionStore, Task> prepare,
        params Func<VersionStore, Task>[] checks
    )
    {
        var deaths = 0;
        for (var first = 1; first < MaxPoints; first += ProcessesAtOnce)
        {
            var killed = await Task.WhenAll(
                Enumerable.Range(first, ProcessesAtOnce).Select(point => KillAtAsync(point))
            );
            deaths += killed.Count(item => item);
            if (killed[^1])
                continue;
            // Points come one after another, and there were some.
            Assert.DoesNotContain(true, killed.SkipWhile(item => item));
            Assert.InRange(deaths, 8, MaxPoints);
            TestContext.Current.TestOutputHelper?.WriteLine($"{command}: killed at {deaths} points");
            return;
        }
        Assert.Fail($"{command} does not end.");

        async Task<bool> KillAtAsync(int point)
        {
            var folder = _folder[$"{command} {point}"];
            await prepare(await VersionStore.CreateAsync(new FolderObjectStore(folder), Token));
            var ending = await WriterProcess.RunAsync(command, folder, Name, [.. arguments, $"kill={point}"]);
            if (!ending.WasKilled)
                ending.ShouldSucceed();
            for (var i = 0; i < checks.Length; i++)
            {
                var copy = $"{folder} {i}";
                Copy(folder, copy);
                await checks[i](await VersionStore.OpenAsync(new FolderObjectStore(copy), Token));
            }
            return ending.WasKilled;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}

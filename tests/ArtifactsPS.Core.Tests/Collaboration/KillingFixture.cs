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
        for (var first = 1; first < MaxPoints; first += ProcessesAtOnce * Step)
        {
            var killed = await Task.WhenAll(
                Enumerable.Range(0, ProcessesAtOnce).Select(i => KillAtAsync(first + i * Step))
            );
            deaths += killed.Count(item => item);
            if (killed[^1])
                continue;
            // Points come one after another, and there were some.
            Assert.DoesNotContain(true, killed.SkipWhile(item => item));
            Assert.InRange(deaths, 8 / Step, MaxPoints);
            TestContext.Current.TestOutputHelper?.WriteLine($"{command}: killed at {deaths} points");
            return;
        }
        Assert.Fail($"{command} does not end.");

        async Task<bool> KillAtAsync(int point)
        {
            var name = $"{command} {point}";
            var objects = await OpenAsync(name);
            await prepare(await VersionStore.CreateAsync(objects, Token));
            var ending = await WriterProcess.RunAsync(command, objects.Location, Name, [.. arguments, $"kill={point}"]);
            if (!ending.WasKilled)
                ending.ShouldSucceed();
            for (var i = 0; i < checks.Length; i++)
            {
                var copy = await OpenAsync($"{name} {i}");
                await CopyAsync(objects, copy);
                await checks[i](await VersionStore.OpenAsync(copy, Token));
            }
            return ending.WasKilled;
        }
    }

    /// <summary>How far the points are apart that are tried.</summary>
    private protected virtual int Step => 1;

    /// <summary>Opens an empty place.</summary>
    private protected virtual Task<IObjectStore> OpenAsync(string name) =>
        Task.FromResult<IObjectStore>(new FolderObjectStore(_folder[name]));

    /// <summary>Copies all that is in one place to another, empty one.</summary>
    private protected virtual Task CopyAsync(IObjectStore from, IObjectStore to)
    {
        foreach (var file in Directory.EnumerateFiles(from.Location, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to.Location, Path.GetRelativePath(from.Location, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return Task.CompletedTask;
    }
}

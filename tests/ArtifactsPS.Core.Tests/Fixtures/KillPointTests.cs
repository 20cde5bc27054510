using ArtifactsPS.Core.Tests.Storage.Remote;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Kills writer processes before and after each operation on the store.</summary>
/// <param name="service">Service with the store, where writers are killed at changes only; null for a folder.</param>
/// <param name="step">Distance between tested points, unless tests run at full size.</param>
public abstract class KillPointTests(Service? service = null, int step = 2) : IDisposable
{
    private protected const string Name = "results";

    private const int ProcessesAtOnce = 4;
    private const int MaxPoints = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly int _step = TestSize.Step(step);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    // Each point has a store of its own, and each check a copy of that store.
    private protected async Task KillAtEveryPointAsync(
        string command,
        string[] arguments,
        Func<VersionStore, Task> prepare,
        params Func<VersionStore, Task>[] checks
    )
    {
        var deaths = 0;
        for (var first = 1; first < MaxPoints; first += ProcessesAtOnce * _step)
        {
            var killed = await Task.WhenAll(
                Enumerable.Range(0, ProcessesAtOnce).Select(i => KillAtAsync(first + i * _step))
            );
            deaths += killed.Count(item => item);
            if (killed[^1])
                continue;
            // All points before the end of the program were reached.
            Assert.DoesNotContain(true, killed.SkipWhile(item => item));
            Assert.InRange(deaths, service is null ? 4 : 1, MaxPoints);
            TestContext.Current.TestOutputHelper?.WriteLine($"{command}: killed at {deaths} points");
            return;
        }
        Assert.Fail($"{command} does not end.");

        async Task<bool> KillAtAsync(int point)
        {
            var name = $"{command} {point}";
            var objects = await OpenAsync(name);
            await prepare(await VersionStore.CreateAsync(objects, Token));
            string[] where = service is null ? [$"kill={point}"] : [$"kill={point}", "changes"];
            var ending = await WriterProcess.RunAsync(command, objects.Location, Name, [.. arguments, .. where]);
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

    private async Task<IObjectStore> OpenAsync(string name) =>
        service is { } server ? await RemoteBuckets.OpenAsync(server) : new FolderObjectStore(_folder[name]);

    // Copies a store to an empty place. For a folder, also copies files that are not keys.
    private async Task CopyAsync(IObjectStore from, IObjectStore to)
    {
        if (service is null)
            foreach (var file in Directory.EnumerateFiles(from.Location, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(to.Location, Path.GetRelativePath(from.Location, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        else
            await foreach (var key in from.ListAsync("", Token))
            {
                using var stream = (await from.OpenReadAsync(key.Key, 0, null, Token))!;
                using var value = new MemoryStream();
                await stream.CopyToAsync(value, Token);
                await to.TryCreateAsync(key.Key, value.ToArray(), Token);
            }
    }
}

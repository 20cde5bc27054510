using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>
/// What a power cut would leave, by what is flushed and in which order: a value before it gets its name, the folder after
/// that, and everything that a transaction names before the transaction.
/// </summary>
public sealed class DurabilityTests : IDisposable
{
    private const string Name = "results";

    // Without letters that strace writes otherwise.
    private readonly string _folder = Directory.CreateTempSubdirectory("artifacts-durability-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Published_files_are_flushed_before_they_are_visible()
    {
        Strace.Require();
        var store = Path.Combine(_folder, "store");
        await VersionStore.CreateAsync(new FolderObjectStore(store), Token);
        var trace = Path.Combine(_folder, "trace");
        string[] calls = ["fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "mkdir"];
        using var process = WriterProcess.StartUnder(
            Strace.Writing(trace, calls),
            "publish",
            store,
            Name,
            "files=a.txt:A,sub/b.txt:B"
        );
        (await process.RunAsync()).ShouldSucceed();

        var all = Strace.Read(trace).Where(call => call.Paths.Any(IsInStore)).ToList();
        var flushes = all.Where(call => call.Name is "fsync" or "fdatasync").ToList();
        var names = all.Where(call => call.Name is "link" or "linkat").ToList();
        Assert.DoesNotContain(all, call => call.Name.StartsWith("rename", StringComparison.Ordinal));

        // A pack, and the transaction.
        Assert.Equal(["objects", "artifacts"], names.Select(call => PartOf(call.Paths[1])));
        foreach (var name in names)
        {
            Assert.StartsWith(Path.Combine(store, "staging"), name.Paths[0], StringComparison.Ordinal);
            var target = name.Paths[1];
            Assert.Contains(flushes, flush => flush.Paths[0] == name.Paths[0] && flush.Ended < name.Began);
            Assert.Contains(
                flushes,
                flush => flush.Paths[0] == Path.GetDirectoryName(target) && flush.Began > name.Ended
            );
        }
        // All that was made before the transaction is durable when it gets its name.
        var committed = names[^1];
        foreach (var made in all.Where(call => call.Name == "mkdir").Select(call => call.Paths[0]).Distinct())
            if (PartOf(made) is not "staging")
                Assert.Contains(
                    flushes,
                    flush => flush.Paths[0] == Path.GetDirectoryName(made) && flush.Ended < committed.Began
                );
        Assert.Contains(
            flushes,
            flush => flush.Paths[0] == Path.GetDirectoryName(names[0].Paths[1]) && flush.Ended < committed.Began
        );

        bool IsInStore(string path) => path.StartsWith(store + "/", StringComparison.Ordinal) || path == store;
        string PartOf(string path) => path[(store.Length + 1)..].Split('/')[0];
    }
}

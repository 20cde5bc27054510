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
        string[] calls = ["fsync", "fdatasync", "link", "linkat", "rename", "renameat", "renameat2", "mkdirat"];
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

        // A pack, the intent, the index of the pack, and the transaction. The paths are those of the folders.
        Assert.Equal(["objects", "intents", "index", "artifacts"], names.Select(call => PartOf(call.Paths[1])));
        foreach (var name in names)
        {
            var staging = Path.Combine(store, "staging");
            Assert.Equal(staging, name.Paths[0]);
            Assert.Contains(
                flushes,
                flush => flush.Paths[0].StartsWith(staging + "/", StringComparison.Ordinal) && flush.Ended < name.Began
            );
            Assert.Contains(flushes, flush => flush.Paths[0] == name.Paths[1] && flush.Began > name.Ended);
        }
        Assert.Contains(
            flushes,
            flush => flush.Paths[0] == names[0].Paths[1] && flush.Began > names[0].Ended && flush.Ended < names[1].Began
        );
        // All folders of a path are durable before a file gets its name: each one and its parent are flushed.
        var folders = names.SelectMany(name => FoldersTo(name.Paths[1])).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(folders);
        var made = all.Where(call => call.Name == "mkdirat").Select(MadeBy).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var used = names.First(name => FoldersTo(name.Paths[1]).Contains(folder));
            Assert.Contains(
                flushes,
                flush => flush.Paths[0] == Path.GetDirectoryName(folder) && flush.Ended < used.Began
            );
            if (made.Contains(folder))
                Assert.Contains(flushes, flush => flush.Paths[0] == folder && flush.Ended < used.Began);
        }

        bool IsInStore(string path) => path.StartsWith(store + "/", StringComparison.Ordinal) || path == store;
        // mkdirat(5</store>, "name", 0777)
        string MadeBy(Strace.Call call) => Path.Combine(call.Paths[0], call.Arguments.Split('"')[1]);
        IEnumerable<string> FoldersTo(string path) =>
            path == store ? [] : FoldersTo(Path.GetDirectoryName(path)!).Append(path);
        string PartOf(string path) => path[(store.Length + 1)..].Split('/')[0];
    }
}

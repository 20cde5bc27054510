using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Style;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Format;

/// <summary>
/// Stores are read by tests/Format/read_store.py, which was written from about_Artifacts_StoreFormat alone.
/// </summary>
public sealed class StoreReaderTests : IDisposable
{
    private static readonly string Reader = Path.Combine(Repository.Root, "tests", "Format", "read_store.py");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(StoreCompression.Zstandard)]
    [InlineData(StoreCompression.None)]
    public async Task Reader_restores_all_forms_of_content(StoreCompression compression)
    {
        Require("python3");
        Require("zstd");
        var store = await CreateAsync(compression);
        var files = WriteFiles();
        var version = await PublishAsync(store, "Mixed", files);
        var large = _folder["files/large.txt"];
        var text = await File.ReadAllBytesAsync(large, Token);
        text[text.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(large, text, Token);
        // The random file is chunked once it replaces an earlier one.
        var random = _folder["files/random.bin"];
        await File.WriteAllBytesAsync(random, [1, 2, 3, .. await File.ReadAllBytesAsync(random, Token)], Token);
        await using (var draft = ArtifactDraft.From(version))
        {
            foreach (var file in new[] { large, random })
                await draft.AddFileAsync(
                    EntryPath.Parse(Path.GetFileName(file)),
                    file,
                    replace: true,
                    new TransferProgress(),
                    Token
                );
            await draft.RemoveAsync("small/0001.txt");
            await draft.PublishAsync("prod");
        }

        await RunAsync("restore", "Mixed", "prod", _folder["new"]);
        await RunAsync("restore", "Mixed", "v0", _folder["old"]);

        File.Delete(_folder["files/small/0001.txt"]);
        AssertEqual("files", "new");
        Assert.Equal(2100, Directory.EnumerateFiles(_folder["old/small"]).Count());
        var listed = JObject.Parse(await RunAsync("list"));
        Assert.Equal(version.Record.Digest.Hex, (string?)listed["mixed"]!["versions"]!["v0"]);
        Assert.Equal(1, (int)listed["mixed"]!["aliases"]!["prod"]!);
    }

    [Fact]
    public async Task Reader_follows_segments_edits_and_condemned_objects()
    {
        Require("python3");
        Require("zstd");
        var store = await CreateAsync(StoreCompression.Zstandard);
        _folder.Write("files/a.txt", new string('a', 5000));
        var version = await PublishAsync(store, "log", ["a.txt"]);
        var catalog = store.OpenCatalog(version.Name);
        for (var i = 0; i < 1070; i++)
            await catalog.TakeNumberAsync(i + 2, Token);
        // The second call deletes the records that the first one has copied to a segment.
        for (var i = 0; i < 2; i++)
            await new LogCompactor(store.Objects, StoreLayout.LogFolder(version.Key)).CompactAsync(
                DateTimeOffset.MaxValue,
                Token
            );
        _folder.Write("files/b.txt", "b");
        await PublishAsync(store, "log", ["a.txt", "b.txt"]);
        await store.ContributeAsync("parts", "id", "one", ("x", "1"));
        await store.ContributeAsync("parts", "id", "two", ("y", "2"));
        await store.CompleteAsync("parts", "id");
        foreach (var key in await store.Objects.ListAsync("objects/", Token).ToListAsync(Token))
        {
            var digest = StoreLayout.ObjectDigest(key.Key)!.Value;
            var trashed = StoreLayout.TrashKey(Guid.NewGuid().ToString("N"), digest);
            Assert.True(await store.Objects.TryMoveAsync(key.Key, trashed, Token));
        }

        await RunAsync("restore", "log", "latest", _folder["restored"]);
        await RunAsync("restore", "parts", "v0", _folder["parts"]);

        Assert.True(File.Exists(_folder["store/artifacts/log/log/s000000001.json"]));
        Assert.False(File.Exists(_folder["store/artifacts/log/log/000000000001.json"]));
        AssertEqual("files", "restored");
        Assert.Equal("12", _folder.Read("parts/x") + _folder.Read("parts/y"));
    }

    [Fact]
    public async Task Reader_follows_names_and_links()
    {
        Require("python3");
        Require("zstd");
        var store = await CreateAsync(StoreCompression.Zstandard);
        Directory.CreateDirectory(_folder["source"]);
        var source = await VersionStore.CreateAsync(new FolderObjectStore(_folder["source"]), Token);
        _folder.Write("files/a.txt", "a");
        var version = await PublishAsync(store, "net", ["a.txt"]);
        var other = await PublishAsync(source, "net", ["a.txt"]);
        foreach (var linked in new[] { version, other })
            await new VersionLinker(linked, ArtifactName.Parse("churn"), store).LinkAsync([], null, null, Token);
        foreach (var (name, renamed) in new[] { (store, "series"), (source, "moved") })
            await ArtifactRenamer.RenameAsync(name, version.Name, ArtifactName.Parse(renamed), null, Token);

        await RunAsync("restore", "series", "v0", _folder["series"]);
        await RunAsync("restore", "net", "v0", _folder["net"]);
        await RunAsync("restore", "churn", "v0", _folder["link"]);
        await RunAsync("restore", "churn", "v1", _folder["elsewhere"]);

        foreach (var restored in new[] { "series", "net", "link", "elsewhere" })
            AssertEqual("files", restored);
        Assert.Equal(["churn", "net"], JObject.Parse(await RunAsync("list")).Properties().Select(item => item.Name));
    }

    [Fact]
    public async Task Reader_detects_damaged_bytes()
    {
        Require("python3");
        Require("zstd");
        var store = await CreateAsync(StoreCompression.None);
        _folder.Write("files/a.txt", new string('a', 5000));
        await PublishAsync(store, "a", ["a.txt"]);
        var path = Directory.GetFiles(_folder["store/objects"], "*", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[7] ^= 1;
        File.SetAttributes(path, FileAttributes.Normal);
        await File.WriteAllBytesAsync(path, bytes, Token);

        var (output, errors, exitCode) = await StartAsync("restore", "a", "latest", _folder["restored"]);

        Assert.Equal(("", 1), (output, exitCode));
        Assert.Contains("wrong content", errors, StringComparison.Ordinal);
    }

    private static void Require(string program)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false }
            );
            process!.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
        }
    }

    private async Task<VersionStore> CreateAsync(StoreCompression compression)
    {
        Directory.CreateDirectory(_folder["store"]);
        return await VersionStore.CreateAsync(new FolderObjectStore(_folder["store"]), compression, Token);
    }

    // Files of all forms: as it is, in a frame, in chunks, as an object, empty, executable, and enough for several pages.
    private List<string> WriteFiles()
    {
        var random = new Random(7);
        for (var i = 0; i < 2100; i++)
            _folder.Write($"files/small/{i:D4}.txt", string.Concat(Enumerable.Repeat($"{i} ", i)));
        var bytes = new byte[9 << 20];
        random.NextBytes(bytes);
        _folder.Write("files/random.bin", bytes);
        _folder.Write("files/noise", bytes[..70_000]);
        _folder.Write("files/empty", "");
        _folder.Write("files/\u00e9 [1]/\U0001F600", "emoji");
        var text = new StringBuilder();
        while (text.Length < 12 << 20)
            text.Append(random.Next()).Append('\n');
        _folder.Write("files/large.txt", text.ToString());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                _folder.Write("files/run.sh", "#!/bin/sh\n"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        var root = _folder["files"];
        return
        [
            .. Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')),
        ];
    }

    private async Task<PublishedVersion> PublishAsync(VersionStore store, string name, IEnumerable<string> files)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), []);
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("reference"), "https://example.org/x", Sha256.Of("x"u8), 1),
            replace: false,
            Token
        );
        await draft.AddAsync(
            ManifestEntry.ReferenceTo(
                EntryPath.Parse("target"),
                "s3://bucket/\u00e9",
                null,
                new TargetProperties
                {
                    Size = 7,
                    ETag = "W/\u00e9",
                    VersionId = "3HL4",
                    LastModified = new DateTimeOffset(1969, 12, 31, 23, 59, 58, TimeSpan.Zero),
                }
            ),
            replace: false,
            Token
        );
        foreach (var file in files)
            await draft.AddFileAsync(file, _folder["files/" + file]);
        return await draft.PublishAsync();
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (output, errors, exitCode) = await StartAsync(arguments);
        Assert.True(exitCode == 0, errors);
        return output;
    }

    private async Task<(string Output, string Errors, int ExitCode)> StartAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("python3", [Reader, _folder["store"], .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (await output, await errors, process.ExitCode);
    }

    private void AssertEqual(string expected, string actual)
    {
        var files = _folder.Snapshot();
        Assert.Equal(Below(expected), Below(actual));

        Dictionary<string, string> Below(string folder) =>
            files
                .Where(file => file.Key.StartsWith(folder + "/", StringComparison.Ordinal))
                .ToDictionary(file => file.Key[(folder.Length + 1)..], file => file.Value, StringComparer.Ordinal);
    }
}

using System.Diagnostics;
using System.IO.Compression;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Transfer.Archives;

/// <summary>Export of versions to archives, and import.</summary>
public sealed class ArchiveTests : ArchiveFixture
{
    [Fact]
    public async Task Imported_version_has_same_digest_and_description()
    {
        await using var draft = ArtifactDraft.Begin(
            Here.Versions,
            ArtifactName.Parse("m"),
            TypeName.Parse("model"),
            [TagName.Parse("reviewed")]
        );
        draft.Description = "why";
        draft.Metadata = new JObject { ["time"] = "2026-01-01T00:00:00Z", ["n"] = 1.5 };
        foreach (var path in new[] { "artifact.json", "files/a", "\u00e9 [1]/\U0001F600", "\uE000", "empty" })
            await draft.AddTextAsync(path, path == "empty" ? "" : path);
        await draft.AddAsync(Executable(await AddedAsync(draft, "\uE000")), replace: true, Token);
        await draft.AddAsync(
            ManifestEntry.ReferenceTo(
                EntryPath.Parse("link"),
                "https://example.org",
                null,
                new TargetProperties
                {
                    Size = 7,
                    ETag = "e",
                    VersionId = "v",
                    LastModified = DateTimeOffset.UnixEpoch,
                }
            ),
            replace: false,
            Token
        );
        var version = await draft.PublishAsync("prod");

        await ExportAsync(version);
        var copy = await ImportAsync(null, "checked");

        Assert.Equal(("m:v0", version.Record.Digest), (copy.Reference, copy.Record.Digest));
        Assert.Equal(("model", "why"), (copy.Record.Type.ToString(), copy.Record.Description));
        Assert.True(JToken.DeepEquals(version.Record.Metadata, copy.Record.Metadata));
        Assert.Equal(["reviewed"], copy.Record.Tags.Texts());
        Assert.Equal(["latest", "checked"], copy.Aliases.Texts());
        await AssertSoundAsync(copy);
    }

    [Fact]
    public async Task Archived_executables_have_executable_mode()
    {
        await using var draft = Here.Begin("m");
        await draft.AddTextAsync("a/b.txt", "text");
        await draft.AddTextAsync("run", "#!");
        await draft.AddAsync(Executable(await AddedAsync(draft, "run")), replace: true, Token);
        await ExportAsync(await draft.PublishAsync());

        using var zip = await ZipFile.OpenReadAsync(Archive, Token);

        Assert.Equal(["artifact.json", "files/a/b.txt", "files/run"], zip.Entries.Select(item => item.FullName));
        Assert.Equal([0x81A4, 0x81A4, 0x81ED], zip.Entries.Select(item => (int)((uint)item.ExternalAttributes >> 16)));
        Assert.Equal("text", Read()[1].Text);
    }

    [Fact]
    public async Task Other_programs_accept_archive()
    {
        await ExportAsync(await Here.PublishAsync("m", ("a/\u00e9", "1"), ("b", new string('x', 100_000))));
        try
        {
            using var unzip = Process.Start(
                new ProcessStartInfo("unzip", ["-tqq", Archive])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                }
            )!;
            await unzip.WaitForExitAsync(Token);
            Assert.Equal(0, unzip.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("unzip is not installed.");
        }
    }

    [Fact]
    public async Task Same_version_gives_same_archive()
    {
        var version = await Here.PublishAsync("m", ("a", "1"), ("b", "2"));
        await ExportAsync(version);
        var first = await File.ReadAllBytesAsync(Archive, Token);

        await ExportAsync(version, replace: true);

        Assert.Equal(first, await File.ReadAllBytesAsync(Archive, Token));
    }

    [Fact]
    public async Task Existing_file_is_kept_without_force()
    {
        Folder.Write("a.zip", "mine");
        var version = await Here.PublishAsync("m", ("a", "1"));

        await Assert.ThrowsAsync<ArchiveExistsException>(() => ExportAsync(version));

        Assert.Equal("mine", Folder.Read("a.zip"));
    }

    [Fact]
    public async Task Failed_export_keeps_existing_archive()
    {
        var version = await Here.PublishAsync("m", ("a", "precious"));
        Folder.Write("a.zip", "before");
        var pack = Here.Memory.Keys.Single(key => key.StartsWith("objects/", StringComparison.Ordinal));
        var bytes = Here.Memory[pack];
        bytes[bytes.AsSpan().IndexOf("precious"u8)] ^= 1;

        await Assert.ThrowsAsync<ObjectCorruptException>(() => ExportAsync(version, replace: true));

        Assert.Equal(["a.zip"], Folder.Snapshot().Keys);
        Assert.Equal("before", Folder.Read("a.zip"));
    }

    [Fact]
    public async Task Importing_again_stores_nothing()
    {
        var text = new string('x', 100_000);
        var first = await Here.PublishAsync("m", ("a", text), ("b", "1"));
        var second = await Here.PublishAsync("m", ("a", text), ("b", "2"));
        await ExportAsync(first);
        await ImportAsync();
        There.Counting.Reset();

        Assert.True((await ImportAsync()).Deduplicated);
        Assert.DoesNotContain(
            There.Counting.Creations,
            creation => creation.Key.StartsWith("artifacts/", StringComparison.Ordinal)
        );

        There.Counting.Reset();
        await ExportAsync(second, replace: true);
        await AssertSoundAsync(await ImportAsync());
        Assert.InRange(There.Counting.Creations.Sum(creation => creation.Length), 1, 5_000);
    }

    [Fact]
    public async Task Large_file_is_exported_and_imported_once()
    {
        await using var draft = Here.Begin("m");
        var file = Folder.Write("large", new byte[ContentWriter.LargeFileSize + 1]);
        await draft.AddFileAsync("large", file);
        await ExportAsync(await draft.PublishAsync());

        await AssertSoundAsync(await ImportAsync());
        There.Counting.Reset();
        await AssertSoundAsync(await ImportAsync("other"));

        Assert.InRange(There.Counting.Creations.Sum(creation => creation.Length), 1, 5_000);
    }

    [Fact]
    public async Task Archive_with_more_than_65535_entries_is_imported()
    {
        await using var draft = Here.Begin("m");
        for (var i = 0; i < 66_000; i++)
            await draft.AddTextAsync($"{i % 100}/{i}", i % 10 == 0 ? "x" : "");
        var version = await draft.PublishAsync();

        await ExportAsync(version);

        Assert.Equal(version.Record.Digest, (await ImportAsync()).Record.Digest);
    }

    [Fact]
    public async Task Archive_repacked_by_other_program_is_imported()
    {
        var version = await Here.PublishAsync("m", ("a/b", "1"), ("c", "2"));
        await ExportAsync(version);
        var files = Read();
        File.Delete(Archive);
        files.Reverse();
        Write([("files/", ""), ("files/a/", ""), .. files]);

        Assert.Equal(version.Record.Digest, (await ImportAsync()).Record.Digest);
    }

    [Fact]
    public async Task Import_with_other_type_is_refused()
    {
        await using var draft = ArtifactDraft.Begin(
            There.Versions,
            ArtifactName.Parse("m"),
            TypeName.Parse("dataset"),
            []
        );
        await draft.PublishAsync();
        await ExportAsync(await Here.PublishAsync("m", ("a", "1")));

        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => ImportAsync());
        Assert.Equal("n:v0", (await ImportAsync("n")).Reference);
    }

    private static async Task<ManifestEntry> AddedAsync(ArtifactDraft draft, string path) =>
        await draft.EntriesAsync(EntrySelector.Exactly(path), Token).SingleAsync(Token);

    private static ManifestEntry Executable(ManifestEntry entry) =>
        ManifestEntry.File(entry.Path, entry.Blob, executable: true);
}

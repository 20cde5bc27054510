using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Transfer;

/// <summary>Copying of versions between stores: the resulting version and the amount of copied data.</summary>
public sealed class VersionCopierTests : IAsyncLifetime
{
    private TestStore _here = null!;
    private TestStore _there = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await TestStore.CreateAsync();
        _there = await TestStore.CreateAsync();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Copy_has_same_digest_and_description()
    {
        await _there.PublishAsync("m", ("other", "1"));
        await using var draft = ArtifactDraft.Begin(
            _here.Versions,
            ArtifactName.Parse("m"),
            TypeName.Parse("model"),
            [TagName.Parse("reviewed")]
        );
        draft.Description = "why";
        draft.Metadata = new JObject { ["a"] = 1 };
        await draft.AddTextAsync("empty", "");
        await draft.AddTextAsync("a/b", "text");
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("link"), "https://example.org", null, 7),
            replace: false,
            Token
        );
        var version = await draft.PublishAsync("prod");

        var copy = await CopyAsync(version, "checked");

        Assert.Equal("m:v1", copy.Reference);
        Assert.Equal(version.Record.Digest, copy.Record.Digest);
        Assert.Equal("why", copy.Record.Description);
        Assert.True(JToken.DeepEquals(version.Record.Metadata, copy.Record.Metadata));
        Assert.Equal(["reviewed"], copy.Record.Tags.Texts());
        Assert.Equal(["latest", "checked"], copy.Aliases.Texts());
        Assert.Equal(["a/b", "empty", "link"], await copy.PathsAsync());
        await AssertSoundAsync(copy);
    }

    [Fact]
    public async Task Only_content_missing_in_newest_version_is_copied()
    {
        var files = Enumerable.Range(0, 2000).Select(i => ($"{i % 7}/{i}", new string((char)('a' + i % 26), 500) + i));
        var first = await _here.PublishAsync("m", [.. files]);
        await CopyAsync(first);
        await using var draft = ArtifactDraft.From(first);
        await draft.AddTextAsync("3/3", "new", replace: true);
        await draft.RemoveAsync("4/4");
        var second = await draft.PublishAsync();
        await _here.ReopenAsync();
        _here.Counting.Reset();
        _there.Counting.Reset();

        var copy = await CopyAsync(await _here.FindAsync("m:v1"));

        Assert.Equal(second.Record.Digest, copy.Record.Digest);
        // A pack with one file and a few pages, and the transaction.
        Assert.InRange(_there.Counting.Creations.Sum(creation => creation.Length), 1, 400_000);
        Assert.InRange(_here.Counting.KeysOf("read").Count, 1, 12);
        await AssertSoundAsync(copy);
    }

    [Fact]
    public async Task Renamed_folder_is_copied_as_pages_only()
    {
        var files = Enumerable.Range(0, 50).Select(i => (Path: $"{i}", Text: new string('x', 10_000) + i)).ToList();
        await CopyAsync(await _here.PublishAsync("m", [.. files.Select(file => ("old/" + file.Path, file.Text))]));
        var renamed = await _here.PublishAsync("m", [.. files.Select(file => ("new/" + file.Path, file.Text))]);
        _there.Counting.Reset();

        await AssertSoundAsync(await CopyAsync(renamed));

        Assert.InRange(_there.Counting.Creations.Sum(creation => creation.Length), 1, 20_000);
    }

    [Fact]
    public async Task Existing_large_file_is_not_copied()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("large", new byte[ContentWriter.LargeFileSize + 5]);
        var version = await PublishFileAsync("m", file);
        await CopyAsync(await PublishFileAsync("other", file));
        _there.Counting.Reset();

        await AssertSoundAsync(await CopyAsync(version));

        Assert.InRange(_there.Counting.Creations.Sum(creation => creation.Length), 1, 5_000);
    }

    [Fact]
    public async Task Only_new_chunks_of_large_file_are_copied()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[2 * ContentWriter.LargeFileSize];
        new Random(1).NextBytes(bytes);
        var file = folder.Write("large", bytes);
        await CopyAsync(await PublishFileAsync("m", file));
        bytes[ContentWriter.LargeFileSize] ^= 1;
        folder.Write("large", [1, 2, 3, .. bytes]);
        var changed = await PublishFileAsync("m", file);
        _there.Counting.Reset();

        await AssertSoundAsync(await CopyAsync(changed));

        Assert.InRange(_there.Counting.Creations.Sum(creation => creation.Length), 1, bytes.Length / 3);
    }

    [Fact]
    public async Task Chunked_file_is_copied_whole_to_new_artifact()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[ContentWriter.LargeFileSize];
        new Random(2).NextBytes(bytes);
        var file = folder.Write("large", bytes);
        await PublishFileAsync("m", file);
        folder.Write("large", [.. bytes, 1]);

        await AssertSoundAsync(await CopyAsync(await PublishFileAsync("m", file)));
    }

    [Fact]
    public async Task Copying_again_writes_nothing()
    {
        var first = await _here.PublishAsync("m", ("a", "1"));
        var second = await _here.PublishAsync("m", ("a", "2"));
        await CopyAsync(first);
        await CopyAsync(second);
        _there.Counting.Reset();

        var again = await CopyAsync(first);

        Assert.True(again.Deduplicated);
        Assert.Empty(_there.Counting.Creations);
        Assert.Equal("m:v1", (await _there.FindAsync("m")).Reference);
        Assert.Equal(["old"], (await CopyAsync(first, "old")).Aliases.Texts());
    }

    [Fact]
    public async Task Copy_can_have_other_name_in_same_store()
    {
        var version = await _here.PublishAsync("m", ("a", "1"));

        var copier = new VersionCopier(version, _here.Versions, ArtifactName.Parse("renamed"), new TransferProgress());
        var copy = await copier.CopyAsync([], null, Token);

        Assert.Equal(("renamed:v0", version.Record.Digest), (copy.Reference, copy.Record.Digest));
        await AssertSoundAsync(copy);
    }

    [Fact]
    public async Task Copy_to_other_type_fails_before_copying()
    {
        await using var draft = ArtifactDraft.Begin(
            _there.Versions,
            ArtifactName.Parse("m"),
            TypeName.Parse("dataset"),
            []
        );
        await draft.PublishAsync();
        var version = await _here.PublishAsync("m", ("a", "1"));
        _there.Counting.Reset();

        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CopyAsync(version));

        Assert.Empty(_there.Counting.Creations);
    }

    [Fact]
    public async Task Damaged_content_is_not_copied()
    {
        var version = await _here.PublishAsync("m", ("a", "precious text"));
        var pack = _here.Memory.Keys.Single(key => key.StartsWith("objects/", StringComparison.Ordinal));
        var bytes = _here.Memory[pack];
        bytes[bytes.AsSpan().IndexOf("precious"u8)] ^= 1;

        var failure = await Assert.ThrowsAsync<ObjectCorruptException>(() => CopyAsync(version));

        Assert.Equal(pack, failure.Target);
        Assert.DoesNotContain(_there.Memory.Keys, key => key.StartsWith("artifacts/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StoreFault.Unavailable)]
    [InlineData(StoreFault.AnswerLost)]
    public async Task Interrupted_copy_can_be_repeated(StoreFault fault)
    {
        using var folder = new TemporaryFolder();
        await using var draft = _here.Begin("m");
        await draft.AddTextAsync("small", "text");
        await draft.AddFileAsync("large", folder.Write("large", new byte[ContentWriter.LargeFileSize]));
        var version = await draft.PublishAsync();
        for (var operation = 1; ; operation++)
        {
            var failing = new FailingObjectStore(new MemoryObjectStore(), fault);
            var there = await VersionStore.CreateAsync(failing, Token);
            var copier = new VersionCopier(version, there, ArtifactName.Parse("m"), new TransferProgress());
            failing.FailAt(operation);
            try
            {
                await copier.CopyAsync([AliasName.Parse("prod")], null, Token);
            }
            catch (StoreUnavailableException) when (failing.HasFailed)
            {
                Assert.Equal(
                    version.Record.Digest,
                    (await copier.CopyAsync([AliasName.Parse("prod")], null, Token)).Record.Digest
                );
            }
            var isLast = !failing.HasFailed;
            failing.FailAt(int.MaxValue);
            var copy = await there.FindAsync(ArtifactReference.Parse("m:prod"), Token);
            Assert.Equal("m:v0", copy.Reference);
            await AssertSoundAsync(copy);
            if (isLast)
                break;
        }
    }

    [Fact]
    public async Task Progress_counts_all_files_and_bytes()
    {
        var progress = new TransferProgress();
        var version = await _here.PublishAsync("m", ("a", "12"), ("b", ""), ("c", "345"));

        await new VersionCopier(version, _there.Versions, ArtifactName.Parse("m"), progress).CopyAsync([], null, Token);

        Assert.Equal((3L, 5L), (progress.Files, progress.Bytes));
        Assert.Equal((3L, 5L), (progress.TotalFiles, progress.TotalBytes));
    }

    private Task<PublishedVersion> CopyAsync(PublishedVersion version, params string[] aliases) =>
        new VersionCopier(version, _there.Versions, version.Name, new TransferProgress()).CopyAsync(
            [.. aliases.Select(AliasName.Parse)],
            null,
            Token
        );

    private async Task<PublishedVersion> PublishFileAsync(string name, string file)
    {
        await using var draft = _here.Begin(name);
        await draft.AddFileAsync("large", file);
        return await draft.PublishAsync();
    }

    private static async Task AssertSoundAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(
            version.Store.Content,
            version.Manifest,
            findings,
            new TransferProgress()
        );
        await verifier.VerifyAsync(Token);
        Assert.Empty(findings);
    }
}

using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Damage of the index: a warning, which Repair-ArtifactStore solves.</summary>
public sealed class IndexDamageTests : IAsyncLifetime
{
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.PublishAsync("m", ("a", "first a"), ("b", "first b"));
        await _store.PublishAsync("n", ("c", "first c"));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Index_of_sound_store_has_no_problem()
    {
        Assert.Empty(await _store.Memory.CheckAsync());
        Assert.Empty(await _store.Memory.CheckAsync(full: true));
    }

    [Theory]
    [InlineData(3)] // Magic number.
    [InlineData(25)] // Number of records.
    [InlineData(40)] // An object.
    [InlineData(-20)] // A record.
    [InlineData(-1)] // A checksum.
    public async Task Damaged_segment_is_a_warning_and_is_rebuilt(int at)
    {
        var key = Keys()[0];
        _store.Memory.FlipBit(key, at < 0 ? _store.Memory[key].Length + at : at);

        var problems = await _store.Memory.CheckAsync();

        Assert.Contains(key, problems.Select(problem => problem.Key));
        Assert.All(problems, AssertIsWarning);
        await AssertRepairedAsync();
        Assert.DoesNotContain(key, Keys().Where(other => _store.Memory[other].Length == 0));
    }

    [Fact]
    public async Task Deleted_index_is_a_warning_and_is_rebuilt()
    {
        foreach (var key in Keys())
            await _store.Memory.DeleteAsync(key, Token);

        var problem = Assert.Single(await _store.Memory.CheckAsync());

        AssertIsWarning(problem);
        Assert.Equal(StoreLayout.Index, problem.Key);
        Assert.Contains("3 files", problem.Message, StringComparison.Ordinal);
        await AssertRepairedAsync();
    }

    [Fact]
    public async Task Record_outside_of_its_object_is_a_warning()
    {
        var version = await _store.FindAsync("m");
        var source = new StoredObject(StoreLayout.ObjectDigest(await version.ObjectKeyAsync("a"))!.Value);
        var key = await AddSegmentAsync(new IndexedBlob(Sha256.Of("x"u8), new BlobLocation(source, 1 << 20)));

        var problem = Assert.Single(await _store.Memory.CheckAsync());

        AssertIsWarning(problem);
        Assert.Equal(key, problem.Key);
        await AssertRepairedAsync();
    }

    [Fact]
    public async Task Record_that_contradicts_an_entry_is_a_warning()
    {
        var version = await _store.FindAsync("m");
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("b"), Token);
        var location = entry!.Location with { Offset = entry.Location.Offset - 1 };
        var key = await AddSegmentAsync(new IndexedBlob(entry.Digest!.Value, location));

        var problem = Assert.Single(await _store.Memory.CheckAsync());

        AssertIsWarning(problem);
        Assert.Equal(key, problem.Key);
        await AssertRepairedAsync();
    }

    [Fact]
    public async Task Record_of_other_bytes_is_found_by_full_check()
    {
        var entry = await (await _store.FindAsync("m")).EntryAsync("a");
        var other = await (await _store.FindAsync("n")).EntryAsync("c");
        Assert.NotEqual(entry.Location.Object.Key, other.Location.Object.Key);
        var key = await AddSegmentAsync(new IndexedBlob(entry.Digest!.Value, other.Location));

        var problem = Assert.Single(await _store.Memory.CheckAsync(full: true));

        AssertIsWarning(problem);
        Assert.Equal(key, problem.Key);
        await AssertRepairedAsync();
    }

    [Fact]
    public async Task Unreadable_segment_is_a_warning()
    {
        var key = Keys()[0];
        var problems = new ResultList<StoreProblem>();

        await new StoreChecker(new UnreadableKey(_store.Memory, key), problems, new TransferProgress()).CheckAsync(
            allBytes: false,
            Token
        );

        var problem = Assert.Single(problems);
        AssertIsWarning(problem);
        Assert.Equal(key, problem.Key);
        Assert.Contains("it can't be read (", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_of_deleted_object_is_no_problem()
    {
        await AddSegmentAsync(
            new IndexedBlob(Sha256.Of("x"u8), new BlobLocation(new StoredObject(Sha256.Of("gone"u8)), 5))
        );
        Assert.Empty(await _store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Unexpected_key_in_index_is_a_warning()
    {
        _store.Memory["index/notes.txt"] = [1];
        var problem = Assert.Single(await _store.Memory.CheckAsync());
        Assert.Equal(
            (StoreProblemKind.UnexpectedKey, ProblemSeverity.Warning, "index/notes.txt"),
            (problem.Kind, problem.Severity, problem.Key)
        );
    }

    private static void AssertIsWarning(StoreProblem problem) =>
        Assert.Equal((StoreProblemKind.IndexDamaged, ProblemSeverity.Warning), (problem.Kind, problem.Severity));

    // After the repair, nothing is stored again.
    private async Task AssertRepairedAsync()
    {
        Assert.Empty(await _store.Memory.RepairAsync());
        Assert.Empty(await _store.Memory.CheckAsync(full: true));
        await _store.ReopenAsync();
        foreach (var text in new[] { "first a", "first b", "first c" })
        {
            using var index = new StoreIndex(_store.Memory);
            Assert.NotNull(
                await index.FindAsync(Sha256.Of(System.Text.Encoding.UTF8.GetBytes(text)), text.Length, Token)
            );
        }
    }

    private async Task<string> AddSegmentAsync(IndexedBlob blob)
    {
        var bytes = IndexSegmentFormat.Encode([blob]);
        var key = StoreLayout.IndexSegmentKey(Sha256.Of(bytes));
        Assert.True(await _store.Memory.TryCreateAsync(key, bytes, Token));
        return key;
    }

    // A medium with a defect under one key.
    private sealed class UnreadableKey(IObjectStore inner, string unreadable) : StoreDecorator(inner)
    {
        protected override void Before(string operation, string key)
        {
            if (operation == "read" && key == unreadable)
                throw new StoreUnavailableException(Location, "Input/output error");
        }
    }

    private List<string> Keys() =>
        [
            .. _store
                .Memory.Keys.Where(key => key.StartsWith(StoreLayout.Index, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}

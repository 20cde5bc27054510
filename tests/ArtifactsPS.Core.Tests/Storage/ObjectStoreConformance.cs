using System.Text;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage;

public sealed class FolderConformanceTests() : ObjectStoreConformance(new FolderStoreFixture());

public sealed class MemoryConformanceTests() : ObjectStoreConformance(new MemoryStoreFixture());

public sealed class S3ConformanceTests() : ObjectStoreConformance(StoreFixtures.S3);

public sealed class AzureConformanceTests() : ObjectStoreConformance(StoreFixtures.Azure);

/// <summary>Requirements that every store meets. A kind of store passes with a class for its <see cref="IStoreFixture"/>.</summary>
public abstract partial class ObjectStoreConformance : IAsyncLifetime
{
    private readonly IStoreFixture? _fixture;

    private protected ObjectStoreConformance(IStoreFixture? fixture) => _fixture = fixture;

    /// <summary>The store under test, empty at first.</summary>
    protected IObjectStore Store { get; private set; } = null!;

    /// <summary>Number of repetitions of the races.</summary>
    protected virtual int Rounds => _fixture?.Credential is null ? 300 : 20;

    /// <summary>Opens an empty store.</summary>
    protected virtual async Task<IObjectStore> OpenAsync()
    {
        Assert.SkipWhen(_fixture!.SkipReason is not null, _fixture.SkipReason ?? "");
        return StoreLocation.Open(
            await _fixture.CreateLocationAsync(),
            new StoreAccess { Credential = _fixture.Credential }
        );
    }

    /// <summary>Checks that no staged bytes remain, and removes the store.</summary>
    protected virtual async Task CloseAsync()
    {
        // The test was skipped.
        if (Store is null)
            return;
        await Parallel.ForEachAsync(
            await Store.ListAsync("", Token).ToListAsync(Token),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (key, token) => await Store.DeleteAsync(key.Key, token)
        );
        if (Store is IStagingStore staging)
            Assert.Empty(await staging.ListStagedAsync(Token).ToListAsync(Token));
        if (Store is FolderObjectStore)
            Directory.Delete(Store.Location, recursive: true);
    }

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Missing_key_is_created_with_its_value()
    {
        Assert.True(await CreateAsync("a/b/c.json", "value"));
        Assert.Equal("value", await ReadAsync("a/b/c.json"));
    }

    [Fact]
    public async Task Existing_key_keeps_its_value()
    {
        await CreateAsync("key", "first");
        Assert.False(await CreateAsync("key", "second"));
        Assert.Equal("first", await ReadAsync("key"));
    }

    [Fact]
    public async Task Value_can_be_empty()
    {
        Assert.True(await CreateAsync("empty", ""));
        Assert.False(await CreateAsync("empty", "more"));
        Assert.Equal("", await ReadAsync("empty"));
    }

    [Fact]
    public async Task One_of_four_racers_creates_a_key()
    {
        const int Racers = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"race/{round:D4}.json";
            using var start = new Barrier(Racers);
            var created = await Task.WhenAll(
                Enumerable.Range(0, Racers).Select(racer => RunAsync(() => RaceAsync(key, racer, start)))
            );
            var winner = Assert.Single(Enumerable.Range(0, Racers), racer => created[racer]);
            Assert.Equal(ValueOf(winner), await ReadAsync(key));
        }
    }

    [Fact]
    public async Task One_of_64_racers_creates_a_key()
    {
        const int Racers = 64;
        for (var round = 0; round < Math.Max(3, Rounds / 30); round++)
        {
            var key = $"crowd/{round:D4}.json";
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var racing = Enumerable
                .Range(0, Racers)
                .Select(async racer =>
                {
                    await start.Task;
                    return racer % 2 == 0
                        ? await CreateAsync(key, ValueOf(racer))
                        : await StageAsync(key, ValueOf(racer));
                })
                .ToList();
            start.SetResult();
            var created = await Task.WhenAll(racing);
            var winner = Assert.Single(Enumerable.Range(0, Racers), racer => created[racer]);
            Assert.Equal(ValueOf(winner), await ReadAsync(key));
        }
    }

    [Fact]
    public async Task Value_deleted_while_read_is_complete_or_an_error()
    {
        var value = new string('x', 3 << 20);
        await StageAsync("going", value);
        using var stream = (await Store.OpenReadAsync("going", 0, null, Token))!;
        var first = new byte[1000];
        await stream.ReadExactlyAsync(first, Token);
        Assert.True(await Store.DeleteAsync("going", Token));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            Assert.Equal(value.Length - 1000, (await reader.ReadToEndAsync(Token)).Length);
        }
        catch (StoreUnavailableException)
        {
            // The rest of a deleted key may be unavailable.
        }
    }

    [Fact]
    public async Task Reader_sees_complete_value_or_none()
    {
        var value = new string('x', 1 << 20);
        for (var round = 0; round < Rounds / 10; round++)
        {
            var key = $"whole/{round:D4}";
            var writing = RunAsync(() => round % 2 == 0 ? CreateAsync(key, value) : StageAsync(key, value));
            string? seen;
            while ((seen = await ReadAsync(key)) is null && !writing.IsFaulted)
                await Task.Yield();
            Assert.Equal(value.Length, seen?.Length);
            Assert.True(await writing);
        }
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(4, null, "456789")]
    [InlineData(0, 3L, "012")]
    [InlineData(4, 3L, "456")]
    [InlineData(8, 100L, "89")]
    [InlineData(4, 0L, "")]
    [InlineData(10, 1L, "")]
    public async Task Range_of_a_value_is_read(long offset, long? length, string expected)
    {
        await CreateAsync("digits", "0123456789");
        Assert.Equal(expected, await ReadAsync("digits", offset, length));
    }

    [Fact]
    public async Task Missing_key_reads_as_null()
    {
        await CreateAsync("folder/key", "");
        Assert.Null(await Store.OpenReadAsync("other", 0, null, Token));
        Assert.Null(await Store.OpenReadAsync("folder/other", 0, 10, Token));
        Assert.Null(await Store.OpenReadAsync("no/such/folder/key", 5, 10, Token));
    }

    [Fact]
    public async Task ExistsAsync_returns_whether_key_exists()
    {
        await CreateAsync("folder/key", "value");
        Assert.True(await Store.ExistsAsync("folder/key", Token));
        Assert.False(await Store.ExistsAsync("folder/other", Token));
        Assert.False(await Store.ExistsAsync("folder", Token));
        Assert.False(await Store.ExistsAsync("no/such/folder/key", Token));
        await Store.DeleteAsync("folder/key", Token);
        Assert.False(await Store.ExistsAsync("folder/key", Token));
    }

    [Fact]
    public async Task Deleted_key_is_missing_and_can_be_created()
    {
        await CreateAsync("a/key", "first");
        Assert.True(await Store.DeleteAsync("a/key", Token));
        Assert.Null(await ReadAsync("a/key"));
        Assert.Empty(await ListAsync("a/"));
        Assert.False(await Store.DeleteAsync("a/key", Token));
        Assert.False(await Store.DeleteAsync("no/such/folder/key", Token));
        Assert.True(await CreateAsync("a/key", "second"));
        Assert.Equal("second", await ReadAsync("a/key"));
    }

    /// <summary>Creates a key in one call.</summary>
    protected Task<bool> CreateAsync(string key, string value) =>
        Store.TryCreateAsync(key, Encoding.UTF8.GetBytes(value), Token);

    /// <summary>All keys below a folder, sorted.</summary>
    protected async Task<List<string>> ListAsync(string prefix, string? after = null)
    {
        var keys = await Store.ListAsync(prefix, after, Token).Select(key => key.Key).ToListAsync(Token);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    // A thread of its own: racers that wait for each other must not wait for the pool.
    private static Task<bool> RunAsync(Func<Task<bool>> work) =>
        Task.Factory.StartNew(work, Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    // Each racer's value has a length of its own, so that a mixture of two would show.
    private static string ValueOf(int racer) => new((char)('a' + racer), 1000 + racer);

    private async Task<bool> RaceAsync(string key, int racer, Barrier start)
    {
        if (racer % 2 == 0)
        {
            start.SignalAndWait(Token);
            return await CreateAsync(key, ValueOf(racer));
        }
        await using var staged = await Store.StageAsync(Token);
        await staged.WriteAsync(Encoding.UTF8.GetBytes(ValueOf(racer)), Token);
        start.SignalAndWait(Token);
        return await staged.CommitAsync(key, Token);
    }

    private async Task<bool> StageAsync(string key, string value)
    {
        await using var staged = await Store.StageAsync(Token);
        foreach (var piece in Encoding.UTF8.GetBytes(value).Chunk(100_000))
            await staged.WriteAsync(piece, Token);
        return await staged.CommitAsync(key, Token);
    }

    private async Task<string?> ReadAsync(string key, long offset = 0, long? length = null)
    {
        using var stream = await Store.OpenReadAsync(key, offset, length, Token);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Token);
    }
}

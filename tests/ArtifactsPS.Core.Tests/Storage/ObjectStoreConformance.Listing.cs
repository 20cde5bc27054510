namespace ArtifactsPS.Core.Tests.Storage;

public abstract partial class ObjectStoreConformance
{
    [Theory]
    [InlineData(".hidden/.key")]
    [InlineData("-a/_b/c-.d")]
    [InlineData("a..b/c.json")]
    [InlineData("UPPER/lower/Mixed.TXT")]
    [InlineData("0/00/000")]
    [InlineData(
        "artifacts/a-name-of-128-characters-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/distributed/group-of-many-letters_________________________________________/log/000000000001.json"
    )]
    public async Task Unusual_key_is_created_and_listed(string key)
    {
        Assert.Null(await ReadAsync(key));
        Assert.True(await CreateAsync(key, "value"));
        Assert.Equal("value", await ReadAsync(key));
        Assert.Equal([key], await ListAsync(key[..(key.IndexOf('/') + 1)]));
        Assert.Contains(key[..key.IndexOf('/')], await Store.ListFoldersAsync("", Token).ToListAsync(Token));
        Assert.True(await Store.DeleteAsync(key, Token));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task Listing_has_every_unchanged_key()
    {
        // More than a service returns in one page.
        const int Keys = 1100;
        await Parallel.ForAsync(
            0,
            Keys,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
            async (i, token) =>
                Assert.True(await Store.TryCreateAsync($"many/{i % 7}/{i:D5}", "value"u8.ToArray(), token))
        );
        var expected = Enumerable.Range(0, Keys).Select(i => $"many/{i % 7}/{i:D5}").Order(StringComparer.Ordinal);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var changing = Task.Run(
            async () =>
            {
                for (var i = 0; !enough.IsCancellationRequested; i++)
                {
                    await CreateAsync($"many/x/{i:D5}", "");
                    await Store.DeleteAsync($"many/x/{i:D5}", Token);
                }
            },
            Token
        );
        var listed = await ListAsync("many/");
        await enough.CancelAsync();
        await changing;
        Assert.Equal(expected, listed.Where(key => !key.StartsWith("many/x/", StringComparison.Ordinal)));
        Assert.Equal(listed.Distinct(StringComparer.Ordinal), listed);
        var folders = await Store.ListFoldersAsync("many/", Token).ToListAsync(Token);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], folders.Except(["x"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Keys_are_listed_below_a_folder_at_any_depth()
    {
        foreach (var key in new[] { "top", "a/1", "a/b/2", "a/b/c/3", "ab/4", "a.5" })
            await CreateAsync(key, key);

        Assert.Equal(["a/1", "a/b/2", "a/b/c/3"], await ListAsync("a/"));
        Assert.Equal(["a/b/c/3"], await ListAsync("a/b/c/"));
        Assert.Equal(["a.5", "a/1", "a/b/2", "a/b/c/3", "ab/4", "top"], await ListAsync(""));
        Assert.Empty(await ListAsync("none/"));
    }

    [Fact]
    public async Task Listing_has_lengths_and_times()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-5);
        await CreateAsync("a/key", "12345");
        var listed = Assert.Single(await Store.ListAsync("a/", Token).ToListAsync(Token));
        Assert.Equal(("a/key", 5L), (listed.Key, listed.Length));
        Assert.InRange(listed.LastModified, before, DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Listing_after_a_key_has_greater_keys()
    {
        string[] keys = ["a/1", "a/b/2", "a/b/c/3", "a/b0", "a/c/4", "a0", "b"];
        foreach (var key in keys)
            await CreateAsync(key, key);
        foreach (var after in keys.Concat(["", "a", "a/", "a/b", "a/b/", "a/b/c", "a/b/d", "a/b/c/3/x", "z"]))
        {
            Assert.Equal(keys.Where(key => string.CompareOrdinal(key, after) > 0), await ListAsync("", after));
            Assert.Equal(
                keys.Where(key => key.StartsWith("a/b/", StringComparison.Ordinal))
                    .Where(key => string.CompareOrdinal(key, after) > 0),
                await ListAsync("a/b/", after)
            );
        }
    }

    [Fact]
    public async Task Folders_directly_below_are_listed_once()
    {
        foreach (var key in new[] { "a/file", "a/x/1", "a/x/2", "a/y/z/3", "b/w/4" })
            await CreateAsync(key, "");
        var folders = await Store.ListFoldersAsync("a/", Token).ToListAsync(Token);
        Assert.Equal(["x", "y"], folders.Order(StringComparer.Ordinal));
        Assert.Empty(await Store.ListFoldersAsync("none/", Token).ToListAsync(Token));
    }
}

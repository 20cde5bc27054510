using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Core.Tests.Storage;

public abstract partial class ObjectStoreConformance
{
    [Fact]
    public async Task Moved_value_has_only_its_new_key()
    {
        var key = await CreateObjectAsync("value");
        Assert.True(await Store.TryMoveAsync(key, "trash/" + key, Token));
        Assert.Null(await ReadAsync(key));
        Assert.Equal("value", await ReadAsync("trash/" + key));
        Assert.Equal(["trash/" + key], await ListAsync(""));
        Assert.True(await Store.TryMoveAsync("trash/" + key, key, Token));
        Assert.Equal([key], await ListAsync(""));
    }

    [Fact]
    public async Task Copied_value_has_both_keys()
    {
        var key = await CreateObjectAsync("value");
        Assert.True(await Store.TryCopyAsync(key, "trash/" + key, Token));
        Assert.True(await Store.TryCopyAsync(key, "trash/" + key, Token));
        Assert.Equal("value", await ReadAsync(key));
        Assert.Equal("value", await ReadAsync("trash/" + key));
        Assert.True(await Store.DeleteAsync(key, Token));
        Assert.Equal("value", await ReadAsync("trash/" + key));
    }

    [Fact]
    public async Task Missing_key_is_not_moved_or_copied()
    {
        await CreateAsync("folder/key", "value");
        foreach (var key in new[] { "folder/other", "no/such/folder/key" })
        {
            Assert.False(await Store.TryMoveAsync(key, "trash/key", Token));
            Assert.False(await Store.TryCopyAsync(key, "trash/key", Token));
        }
        Assert.Equal(["folder/key"], await ListAsync(""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Moving_to_existing_target_removes_the_source(bool isCopy)
    {
        var key = await CreateObjectAsync("value");
        if (isCopy)
            Assert.True(await Store.TryCopyAsync(key, "trash/" + key, Token));
        else
            await CreateAsync("trash/" + key, "value");
        Assert.True(await Store.TryMoveAsync(key, "trash/" + key, Token));
        Assert.Equal(["trash/" + key], await ListAsync(""));
        Assert.Equal("value", await ReadAsync("trash/" + key));
    }

    [Fact]
    public async Task Empty_value_is_moved()
    {
        var key = await CreateObjectAsync("");
        Assert.True(await Store.TryMoveAsync(key, "trash/" + key, Token));
        Assert.Equal("", await ReadAsync("trash/" + key));
        Assert.Null(await ReadAsync(key));
    }

    [Fact]
    public async Task Opposite_atomic_moves_keep_the_value()
    {
        if (!Store.MovesAtomically)
            return;
        var key = await CreateObjectAsync("value");
        var trash = "trash/" + key;
        for (var round = 0; round < Rounds; round++)
        {
            // Both keys, sometimes as two names of one file.
            if (round % 3 == 1)
                await CreateAsync(round % 2 == 0 ? key : trash, "value");
            else if (round % 3 == 2)
                _ = await Store.TryCopyAsync(key, trash, Token) || await Store.TryCopyAsync(trash, key, Token);
            using var start = new Barrier(2);
            var moved = await Task.WhenAll(
                RunAsync(() =>
                {
                    start.SignalAndWait(Token);
                    return Store.TryMoveAsync(key, trash, Token);
                }),
                RunAsync(() =>
                {
                    start.SignalAndWait(Token);
                    return Store.TryMoveAsync(trash, key, Token);
                })
            );
            Assert.Contains(true, moved);
            Assert.Contains("value", new[] { await ReadAsync(key), await ReadAsync(trash) });
        }
    }

    [Fact]
    public async Task Reader_finds_value_at_one_key_during_moves()
    {
        for (var round = 0; round < Rounds / 10; round++)
        {
            var key = await CreateObjectAsync($"value {round}");
            var moving = RunAsync(() => Store.TryMoveAsync(key, "trash/" + key, Token));
            do Assert.Equal($"value {round}", await ReadAsync(key) ?? await ReadAsync("trash/" + key));
            while (!moving.IsCompleted);
            Assert.True(await moving);
        }
    }

    [Fact]
    public async Task Length_of_a_key_is_known()
    {
        await CreateAsync("folder/key", "12345");
        await CreateAsync("folder/empty", "");
        Assert.Equal(5, await Store.GetLengthAsync("folder/key", Token));
        Assert.Equal(0, await Store.GetLengthAsync("folder/empty", Token));
        Assert.Null(await Store.GetLengthAsync("folder/other", Token));
        Assert.Null(await Store.GetLengthAsync("folder", Token));
        Assert.Null(await Store.GetLengthAsync("no/such/folder/key", Token));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "val")]
    [InlineData(true, "")]
    [InlineData(true, "val")]
    public async Task Damaged_object_of_other_length_is_replaced(bool staged, string damaged)
    {
        var key = KeyOf("value");
        Assert.True(await CreateAsync(key, damaged));
        Assert.True(staged ? await StageAsync(key, "value") : await CreateAsync(key, "value"));
        Assert.Equal("value", await ReadAsync(key));
        Assert.False(staged ? await StageAsync(key, "value") : await CreateAsync(key, "value"));
    }

    [Fact]
    public async Task Time_of_the_store_is_the_clock_of_its_keys()
    {
        var before = await Store.GetTimeAsync(Token);
        Assert.InRange(before, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        await CreateAsync("key", "value");
        var created = (await Store.ListAsync("", Token).FirstAsync(Token)).LastModified;
        var after = await Store.GetTimeAsync(Token);
        Assert.InRange(created, before, after);
        Assert.Equal(["key"], await ListAsync(""));
    }

    /// <summary>Creates a value at the key that is its digest.</summary>
    /// <returns>The key.</returns>
    protected async Task<string> CreateObjectAsync(string value)
    {
        var key = KeyOf(value);
        Assert.True(await CreateAsync(key, value));
        return key;
    }

    private static string KeyOf(string value)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        return $"objects/{hex[..2]}/{hex}";
    }
}

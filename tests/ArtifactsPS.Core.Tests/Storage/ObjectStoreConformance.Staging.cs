namespace ArtifactsPS.Core.Tests.Storage;

public abstract partial class ObjectStoreConformance
{
    [Fact]
    public async Task Cancelled_transfer_leaves_complete_value_or_none()
    {
        var value = new byte[6 << 20];
        new Random(5).NextBytes(value);
        for (var round = 0; round < 10; round++)
        {
            var key = $"objects/{round:D2}/cancelled";
            using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
            await using (var staged = await Store.StageAsync(Token))
            {
                await staged.WriteAsync(value, Token);
                var committing = staged.CommitAsync(key, cancelled.Token).AsTask();
                cancelled.CancelAfter(TimeSpan.FromMilliseconds(round * 3));
                try
                {
                    Assert.True(await committing);
                }
                catch (OperationCanceledException)
                {
                    // The check below decides.
                }
            }
            using var stream = await Store.OpenReadAsync(key, 0, null, Token);
            if (stream is null)
                continue;
            using var stored = new MemoryStream();
            await stream.CopyToAsync(stored, Token);
            Assert.True(stored.ToArray().AsSpan().SequenceEqual(value));
        }
    }

    [Fact]
    public async Task Reading_is_cancelled()
    {
        await CreateAsync("key", "value");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.OpenReadAsync("key", 0, null, cancelled.Token)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.ListAsync("", cancelled.Token).ToListAsync(Token)
        );
    }

    [Fact]
    public async Task Staged_bytes_become_a_key_when_committed()
    {
        await using var staged = await Store.StageAsync(Token);
        await staged.WriteAsync("one "u8.ToArray(), Token);
        await staged.WriteAsync("two"u8.ToArray(), Token);
        Assert.Empty(await ListAsync(""));
        Assert.True(await staged.CommitAsync("a/staged", Token));
        Assert.Equal("one two", await ReadAsync("a/staged"));
    }

    [Fact]
    public async Task Disposed_staged_bytes_leave_nothing()
    {
        await using (var staged = await Store.StageAsync(Token))
            await staged.WriteAsync("never"u8.ToArray(), Token);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task Committing_to_existing_key_changes_nothing()
    {
        await CreateAsync("key", "first");
        await using (var staged = await Store.StageAsync(Token))
        {
            await staged.WriteAsync("second"u8.ToArray(), Token);
            Assert.False(await staged.CommitAsync("key", Token));
        }
        Assert.Equal("first", await ReadAsync("key"));
    }

    [Fact]
    public async Task Staged_objects_do_not_mix()
    {
        await using var one = await Store.StageAsync(Token);
        await using var two = await Store.StageAsync(Token);
        for (var i = 0; i < 3; i++)
        {
            await one.WriteAsync("1"u8.ToArray(), Token);
            await two.WriteAsync("2"u8.ToArray(), Token);
        }
        Assert.True(await two.CommitAsync("two", Token));
        Assert.True(await one.CommitAsync("one", Token));
        Assert.Equal("111", await ReadAsync("one"));
        Assert.Equal("222", await ReadAsync("two"));
    }

    [Fact]
    public async Task Large_object_is_staged_in_pieces()
    {
        var piece = new byte[1_000_003];
        new Random(7).NextBytes(piece);
        using var expected = new MemoryStream();
        await using (var staged = await Store.StageAsync(Token))
        {
            for (var i = 0; i < 20; i++)
            {
                piece[0] = (byte)i;
                expected.Write(piece);
                await staged.WriteAsync(piece, Token);
            }
            Assert.True(await staged.CommitAsync("large", Token));
        }
        using var stream = await Store.OpenReadAsync("large", 0, null, Token);
        using var actual = new MemoryStream();
        await stream!.CopyToAsync(actual, Token);
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(actual.ToArray()));
    }

    [Fact]
    public async Task Cancelled_call_creates_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.TryCreateAsync("key", "value"u8.ToArray(), cancelled.Token)
        );
        await using (var staged = await Store.StageAsync(Token))
        {
            await staged.WriteAsync("value"u8.ToArray(), Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                staged.CommitAsync("key", cancelled.Token).AsTask()
            );
        }
        Assert.Empty(await ListAsync(""));
    }
}

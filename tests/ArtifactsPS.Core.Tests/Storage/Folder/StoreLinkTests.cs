using System.Diagnostics;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>Links, pipes and sockets in the folder of a store. None is followed, read or waited for.</summary>
public sealed class StoreLinkTests : IDisposable
{
    private static readonly string Key = $"objects/aa/aa{new string('b', 62)}";

    private readonly TemporaryFolder _folder = new();
    private readonly FolderObjectStore _store;

    public StoreLinkTests() => _store = new FolderObjectStore(_folder["store"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("objects")]
    [InlineData("objects/aa")]
    public async Task Linked_folder_is_an_error_and_stays_untouched(string folder)
    {
        var name = Key[(folder.Length + 1)..];
        var outside = Path.Combine("outside", name);
        _folder.Write(outside, "secret");
        _folder.Write("store/trash/x", "secret");
        Link(folder, _folder["outside"]);

        await AssertLinkAsync(folder, () => _store.OpenReadAsync(Key, 0, null, Token));
        await AssertLinkAsync(folder, () => _store.ExistsAsync(Key, Token));
        await AssertLinkAsync(folder, () => _store.GetLengthAsync(Key, Token));
        await AssertLinkAsync(folder, () => _store.TryCreateAsync(Key, "value"u8.ToArray(), Token));
        await AssertLinkAsync(folder, () => _store.TryCreateAsync(folder + "/other", "value"u8.ToArray(), Token));
        await AssertLinkAsync(folder, () => _store.DeleteAsync(Key, Token));
        await AssertLinkAsync(folder, () => _store.TryMoveAsync(Key, "trash/y", Token));
        await AssertLinkAsync(folder, () => _store.TryMoveAsync("trash/x", Key, Token));
        await AssertLinkAsync(folder, () => _store.TryCopyAsync(Key, "trash/y", Token));
        await AssertLinkAsync(folder, () => _store.TryCopyAsync("trash/x", Key, Token));
        await AssertLinkAsync(folder, () => _store.ListAsync(folder + "/", Token).ToListAsync(Token).AsTask());
        await AssertLinkAsync(folder, () => _store.ListFoldersAsync(folder + "/", Token).ToListAsync(Token).AsTask());
        Assert.Equal(["trash/x"], await KeysAsync());
        Assert.Equal("secret", _folder.Read(outside));
        Assert.Single(Directory.GetFiles(_folder["outside"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Linked_staging_folder_is_an_error()
    {
        _folder.Write("outside/file", "precious");
        Link("staging", _folder["outside"]);
        await AssertLinkAsync("staging", () => _store.TryCreateAsync("key", "value"u8.ToArray(), Token));
        await AssertLinkAsync("staging", () => _store.StageAsync(Token));
        await AssertLinkAsync("staging", () => _store.GetTimeAsync(Token));
        await AssertLinkAsync("staging", () => _store.ListStagedAsync(Token).ToListAsync(Token).AsTask());
        await AssertLinkAsync("staging", () => _store.DeleteStagedAsync("staging/file", Token));
        Assert.Equal("precious", _folder.Read("outside/file"));
    }

    [Fact]
    public async Task Linked_key_is_an_error_and_is_not_listed()
    {
        _folder.Write("outside", "secret");
        Link(Key, _folder["outside"]);
        await AssertLinkAsync(Key, () => _store.OpenReadAsync(Key, 0, null, Token));
        await AssertLinkAsync(Key, () => _store.ExistsAsync(Key, Token));
        await AssertLinkAsync(Key, () => _store.TryCreateAsync(Key, "value"u8.ToArray(), Token));
        await AssertLinkAsync(Key, () => _store.TryMoveAsync(Key, "trash/y", Token));
        await AssertLinkAsync(Key, () => _store.TryCopyAsync(Key, "trash/y", Token));
        await using (var staged = await _store.StageAsync(Token))
            await AssertLinkAsync(Key, () => staged.CommitAsync(Key, Token).AsTask());
        Assert.Empty(await KeysAsync());
        // Deleting a key removes the link itself.
        Assert.True(await _store.DeleteAsync(Key, Token));
        Assert.Equal("secret", _folder.Read("outside"));
    }

    [Fact]
    public async Task Root_of_a_store_may_be_a_link()
    {
        Directory.CreateDirectory(_folder["real"]);
        _folder.Link("store", _folder["real"]);
        Assert.True(await _store.TryCreateAsync(Key, "value"u8.ToArray(), Token));
        Assert.Equal("value", _folder.Read("real/" + Key));
        Assert.Equal([Key], await KeysAsync());
    }

    [Theory]
    [InlineData("mkfifo \"$0\"")]
    [InlineData("mknod \"$0\" c 1 5")]
    public async Task Pipe_or_device_at_a_key_is_an_error(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no such files or no test of them.");
        Directory.CreateDirectory(Path.GetDirectoryName(_folder["store/" + Key])!);
        using (var process = Process.Start("sh", ["-c", command, _folder["store/" + Key]]))
        {
            await process.WaitForExitAsync(Token);
            Assert.SkipUnless(process.ExitCode == 0, "This user can't create such a file.");
        }
        foreach (
            var call in new Func<Task>[]
            {
                () => _store.OpenReadAsync(Key, 0, null, Token),
                () => _store.ExistsAsync(Key, Token),
                () => _store.TryCreateAsync(Key, "value"u8.ToArray(), Token),
                () => _store.TryMoveAsync(Key, "trash/y", Token),
                () => _store.TryCopyAsync(Key, "trash/y", Token),
            }
        )
        {
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
                call().WaitAsync(TimeSpan.FromSeconds(30), Token)
            );
            Assert.Contains(_folder["store/" + Key], error.Message, StringComparison.Ordinal);
        }
        Assert.Empty(await KeysAsync());
    }

    private async Task<List<string>> KeysAsync() =>
        await _store.ListAsync("", Token).Select(key => key.Key).ToListAsync(Token);

    private void Link(string key, string target)
    {
        var path = _folder["store/" + key];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _folder.Link("store/" + key, target);
    }

    private async Task AssertLinkAsync(string key, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(call);
        Assert.Contains($"'{_folder["store/" + key]}' is a link", error.Message, StringComparison.Ordinal);
    }
}

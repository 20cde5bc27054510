using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>
/// Restoring <c>name@sha256:…</c> gives exactly that content or an error. The catalog's digest is checked against the
/// reference, and the root page, child pages and files are each checked against the level above.
/// </summary>
public sealed class PinnedVersionTests : IAsyncLifetime, IDisposable
{
    private const string Log = "artifacts/m/log/000000000001.json";

    private readonly TemporaryFolder _folder = new();
    private TestStore _store = null!;
    private PublishedVersion _good = null!;
    private string _pinned = "";

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync(StoreCompression.None);
        _good = await _store.PublishAsync("m", [.. Enumerable.Range(0, 300).Select(i => ($"{i}", $"text {i}"))]);
        _pinned = $"m@{_good.Record.Digest}";
        Assert.Equal(1, _good.Record.Root.Level);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pinned_version_is_restored()
    {
        Assert.Empty(await RestoreAsync());
        Assert.Equal("text 7", _folder.Read("out/7"));
    }

    [Fact]
    public async Task Catalog_without_pinned_version_fails()
    {
        await _store.PublishAsync("m", ("7", "another"));
        Edit(Log, text => text.Replace(_good.Record.Digest.Hex, new string('0', 64), StringComparison.Ordinal));
        await _store.Memory.DeleteAsync("artifacts/m/log/000000000002.json", Token);
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(RestoreAsync);
    }

    [Fact]
    public async Task Catalog_with_another_tree_is_detected()
    {
        var other = (await _store.PublishAsync("n", ("7", "another"))).Record;
        // The other version's transaction, with the digest of the pinned version.
        var record = SealedRecord.Decode(_store.Memory["artifacts/n/log/000000000001.json"]);
        _store.Memory[Log] = SealedRecord.Encode(
            record
                .Body.Replace("\"name\":\"n\"", "\"name\":\"m\"", StringComparison.Ordinal)
                .Replace(other.Digest.Hex, _good.Record.Digest.Hex, StringComparison.Ordinal)
        );
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(RestoreAsync);
        Assert.Contains($"is not page {_good.Record.Digest}", error.Message, StringComparison.Ordinal);
        CheckNothingRestored();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Exchanged_page_is_detected(int depth)
    {
        var page = _good.Record.StoredRoot!;
        for (var i = 0; i < depth; i++)
            page = (PageReference)(await _store.Versions.Pages.ReadAsync(page, Token)).Items[0];
        Damage(
            page.Location,
            page.Length,
            bytes =>
            {
                // The page stays valid, with one digest changed.
                var name = depth == 0 ? "\"digest\":\"" : "\"sha256\":\"";
                var at = Encoding.ASCII.GetString(bytes).IndexOf(name, StringComparison.Ordinal) + name.Length;
                bytes[at] = bytes[at] == (byte)'0' ? (byte)'1' : (byte)'0';
            }
        );
        await Assert.ThrowsAsync<ObjectCorruptException>(RestoreAsync);
        CheckNothingRestored();
    }

    [Fact]
    public async Task Exchanged_file_is_detected_and_others_are_restored()
    {
        var entry = (await _good.Manifest.FindAsync(EntryPath.Parse("7"), Token))!;
        Damage(entry.Location, (int)entry.Size!.Value, bytes => bytes[^1] = (byte)'8');
        var failure = Assert.Single(await RestoreAsync());
        Assert.Equal("7", failure.Item);
        Assert.IsType<ObjectCorruptException>(failure.Exception);
        Assert.False(File.Exists(_folder["out/7"]));
        Assert.Equal("text 8", _folder.Read("out/8"));
        Assert.Equal(299, Directory.GetFileSystemEntries(_folder["out"]).Length);
    }

    private async Task<IReadOnlyCollection<ItemFailure>> RestoreAsync()
    {
        await _store.ReopenAsync();
        var results = new RestoreResults();
        var restorer = new FolderRestorer(
            await _store.FindAsync(_pinned),
            _folder["out"],
            new RestoreOptions(),
            results,
            new TransferProgress()
        );
        await restorer.RestoreAsync(Token);
        return results.Failures;
    }

    private void CheckNothingRestored() => Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));

    private void Edit(string key, Func<string, string> edit) =>
        _store.Memory[key] = SealedRecord.Encode(edit(SealedRecord.Decode(_store.Memory[key]).Body));

    private void Damage(BlobLocation location, int length, Action<byte[]> damage)
    {
        var pack = _store.Memory[location.Object.Key].ToArray();
        var bytes = pack.AsSpan((int)location.Offset, length).ToArray();
        damage(bytes);
        bytes.CopyTo(pack, location.Offset);
        _store.Memory[location.Object.Key] = pack;
    }
}

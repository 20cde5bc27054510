using System.Text;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>An empty store in memory, with shortcuts for tests.</summary>
internal sealed class TestStore
{
    private TestStore(MemoryObjectStore memory, CountingObjectStore counting, VersionStore versions) =>
        (Memory, Counting, Versions) = (memory, counting, versions);

    public MemoryObjectStore Memory { get; }

    public CountingObjectStore Counting { get; }

    public VersionStore Versions { get; private set; }

    /// <param name="compression">None for a test that edits the bytes of objects.</param>
    public static async Task<TestStore> CreateAsync(StoreCompression compression = StoreCompression.Zstandard)
    {
        var memory = new MemoryObjectStore();
        var counting = new CountingObjectStore(memory);
        return new TestStore(memory, counting, await VersionStore.CreateAsync(counting, compression, Token));
    }

    /// <summary>Opens the store again, as another process does.</summary>
    public async Task ReopenAsync() => Versions = await VersionStore.OpenAsync(Counting, Token);

    public ArtifactDraft Begin(string name = "model", string type = "model") =>
        ArtifactDraft.Begin(Versions, ArtifactName.Parse(name), TypeName.Parse(type), []);

    /// <summary>Publishes files with the given paths and texts.</summary>
    public async Task<PublishedVersion> PublishAsync(string name, params (string Path, string Text)[] files)
    {
        await using var draft = Begin(name);
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path, text);
        return await draft.PublishAsync();
    }

    public Task<PublishedVersion> FindAsync(string reference) =>
        Versions.FindAsync(ArtifactReference.Parse(reference), Token);

    /// <summary>Keys of an artifact's transactions, sorted.</summary>
    public List<string> LogKeys(string name) => KeysBelow($"artifacts/{name}/log/");

    /// <summary>Keys of an artifact's checkpoints, sorted.</summary>
    public List<string> CheckpointKeys(string name) => KeysBelow($"artifacts/{name}/checkpoints/");

    /// <summary>Reads the text of a file of a version.</summary>
    public async Task<string> ReadTextAsync(PublishedVersion version, string path)
    {
        var entry = await version.Manifest.FindAsync(EntryPath.Parse(path), Token);
        return Encoding.UTF8.GetString(await Versions.Content.ReadAsync(entry!.Blob, Token));
    }

    private List<string> KeysBelow(string prefix) =>
        [.. Memory.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}

internal static class DraftExtensions
{
    public static Task AddTextAsync(this ArtifactDraft draft, string path, string text, bool replace = false) =>
        draft.AddBytesAsync(EntryPath.Parse(path), Encoding.UTF8.GetBytes(text), replace, Token);

    public static Task AddFileAsync(this ArtifactDraft draft, string path, string file) =>
        draft.AddFileAsync(EntryPath.Parse(path), file, replace: false, new TransferProgress(), Token);

    public static Task<PublishedVersion> PublishAsync(this ArtifactDraft draft, params string[] aliases) =>
        Publisher.PublishAsync(draft, [.. aliases.Select(AliasName.Parse)], [], null, Token);

    public static Task<int> RemoveAsync(this ArtifactDraft draft, string path) =>
        draft.RemoveAsync(EntrySelector.FileOrFolder(path), Token);

    public static async Task<string[]> PathsAsync(this ArtifactDraft draft) =>
        [.. (await draft.EntriesAsync(EntrySelector.All, Token).ToListAsync(Token)).Select(e => e.Path.ToString())];

    public static async Task<string[]> PathsAsync(this PublishedVersion version, string prefix = "") =>
        [.. (await version.Manifest.EntriesAsync(prefix, Token).ToListAsync(Token)).Select(e => e.Path.ToString())];
}

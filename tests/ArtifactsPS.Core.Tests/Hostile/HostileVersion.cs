using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>
/// Store of a malicious owner, with correct checksums of invalid pages. Runs all operations on versions with such pages.
/// </summary>
internal sealed class HostileVersion : IDisposable
{
    private const int EntryCount = 900;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _memory = new();
    private int _restored;

    private HostileVersion() { }

    public PublishedVersion Good { get; private set; } = null!;

    /// <summary>JSON of an undamaged page of entries.</summary>
    public string Entries { get; private set; } = "";

    /// <summary>JSON of an undamaged page of pages.</summary>
    public string Pages { get; private set; } = "";

    public static async Task<HostileVersion> CreateAsync()
    {
        var hostile = new HostileVersion();
        var store = await VersionStore.CreateAsync(hostile._memory, StoreCompression.None, Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), TypeName.Parse("model"), []);
        for (var i = 0; i < EntryCount; i++)
            await draft.AddTextAsync($"dir {i % 7}/{i}", $"{i}");
        await draft.AddTextAsync("empty", "");
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("ref"), "https://example.com/x", Sha256.Of("x"u8), 1),
            replace: false,
            Token
        );
        hostile.Good = await draft.PublishAsync();
        var root = hostile.Good.Record.StoredRoot!;
        Assert.Equal(1, root.Level);
        hostile.Pages = hostile.TextOf(root);
        var page = PageFormat.Decode(Encoding.UTF8.GetBytes(hostile.Pages), root.Location.Object);
        // A short page, so that a mutation affects an important part more often.
        var some = ((PageReference)page.Items[0]).Location;
        var leaf = PageFormat.Decode(
            Encoding.UTF8.GetBytes(hostile.TextOf((PageReference)page.Items[^1])),
            some.Object
        );
        var few = new ManifestPage(0, [.. leaf.Items.TakeLast(6)]);
        hostile.Entries = Encoding.UTF8.GetString(PageFormat.Encode(few, new PendingPack()).Span);
        return hostile;
    }

    /// <summary>Stores a page and returns a reference to it.</summary>
    /// <param name="json">JSON of the page.</param>
    /// <param name="isChild">Whether the reference is part of a page above, and so includes the first path.</param>
    public PageReference Store(string json, bool isChild = false)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var self = new StoredObject(Sha256.Of(bytes));
        _memory[self.Key] = bytes;
        return Reference(bytes, self, new BlobLocation(self, 0), isChild);
    }

    /// <summary>Stores bytes as the frame of a page, and returns a reference to it.</summary>
    /// <param name="json">JSON of the page that the frame is said to contain.</param>
    public PageReference StoreFrame(byte[] frame, string json)
    {
        var self = new StoredObject(Sha256.Of(frame));
        _memory[self.Key] = frame;
        var location = new BlobLocation(self, 0, BlobEncoding.Zstandard, frame.Length);
        return Reference(Encoding.UTF8.GetBytes(json), self, location, isChild: false);
    }

    private static PageReference Reference(byte[] bytes, StoredObject self, BlobLocation location, bool isChild)
    {
        var page = Decode(bytes, self);
        return new PageReference
        {
            First = isChild ? page?.First ?? EntryPath.Parse("a") : default,
            Level = page?.Level ?? 0,
            Digest = page?.Digest ?? Sha256.Of(bytes),
            EntryCount = page?.EntryCount ?? 1,
            TotalSize = page?.TotalSize ?? 1,
            Location = location,
            Length = bytes.Length,
        };
    }

    /// <summary>Stores a page of pages.</summary>
    public PageReference Store(params PageReference[] children) =>
        Store(
            Encoding.UTF8.GetString(
                PageFormat.Encode(new ManifestPage(children[0].Level + 1, children), new PendingPack()).Span
            )
        );

    /// <summary>Runs all operations on a version, and checks that restored files stay in the destination.</summary>
    public async Task UseAsync(PageReference root)
    {
        var store = await VersionStore.OpenAsync(_memory, Token);
        var version = new PublishedVersion(
            store,
            new CatalogState(ArtifactName.Parse("m")),
            Good.Record with
            {
                Root = root,
            }
        );
        var errors = new List<Exception?>
        {
            await Record.ExceptionAsync(() => RestoreAsync(version)),
            await Record.ExceptionAsync(() => FindAsync(version)),
            await Record.ExceptionAsync(() => VerifyAsync(version)),
            await Record.ExceptionAsync(() => EditAsync(version)),
            await Record.ExceptionAsync(() =>
                ManifestComparer.CompareAsync(version.Manifest, Good.Manifest, Token).ToListAsync(Token).AsTask()
            ),
        };
        // An undocumented error takes precedence.
        if (errors.OfType<Exception>().OrderBy(error => error is ArtifactsException).FirstOrDefault() is { } first)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    public void Dispose() => _folder.Dispose();

    private async Task RestoreAsync(PublishedVersion version)
    {
        var destination = _folder[$"restored/{_restored++}/in"];
        Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
        try
        {
            var results = new RestoreResults();
            var restorer = new FolderRestorer(
                version,
                destination,
                new RestoreOptions(),
                results,
                new TransferProgress()
            );
            await restorer.RestoreAsync(Token);
            foreach (var failure in results.Failures)
                Assert.IsAssignableFrom<ArtifactsException>(failure.Exception);
        }
        finally
        {
            Assert.All(Directory.GetFileSystemEntries(_folder.Path), item => Assert.EndsWith("restored", item));
            Assert.All(
                Directory.GetFileSystemEntries(Path.GetDirectoryName(destination)!),
                item => Assert.Equal(destination, item)
            );
            if (Directory.Exists(destination))
            {
                Assert.Empty(Directory.EnumerateFiles(destination, ".artifact-*", SearchOption.AllDirectories));
                Directory.Delete(destination, recursive: true);
            }
        }
    }

    private static async Task FindAsync(PublishedVersion version)
    {
        foreach (var path in new[] { "a", "dir 3/3", "empty", "ref", "zzz", "\U0010FFFD" })
            await version.Manifest.FindAsync(EntryPath.Parse(path), Token);
    }

    private static async Task VerifyAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(
            version.Store.Content,
            version.Manifest,
            findings,
            new TransferProgress()
        );
        await verifier.VerifyAsync(Token);
    }

    private static async Task EditAsync(PublishedVersion version)
    {
        var editor = new ManifestEditor(version.Store.Pages, Token);
        var changes = new[] { "dir 3/new", "zzz" }.Select(path => Trees.Add(Trees.Entry(path, 1)));
        await editor.ApplyAsync(version.Record.Root, [.. changes.OrderBy(change => change.Path)]);
    }

    private static TreePage? Decode(byte[] bytes, StoredObject self)
    {
        try
        {
            return PageFormat.Decode(bytes, self).ToUnstoredPage();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    private string TextOf(PageReference page) =>
        Encoding.UTF8.GetString(_memory[page.Location.Object.Key].AsSpan((int)page.Location.Offset, page.Length));
}

using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Requests;

/// <summary>Does the work of common commands, each as if in its own process, and prints the requests of each.</summary>
/// <param name="files">Folder to publish.</param>
/// <param name="output">Receives the table.</param>
internal sealed class RequestsRun(string files, TextWriter output) : IDisposable
{
    private const string Name = "data";
    private const long CacheLimit = 4L << 30;

    private readonly CountingBucket _bucket = new();
    private string _storeId = "";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("artifacts-requests-");

    public void Dispose()
    {
        _bucket.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Measures commands on the folder of files.</summary>
    public async Task MeasureFilesAsync(CancellationToken token)
    {
        await output
            .WriteLineAsync("| work | PUT | GET | HEAD | LIST | DELETE | MB sent | MB received |".AsMemory(), token)
            .ConfigureAwait(false);
        await output.WriteLineAsync("|---|--:|--:|--:|--:|--:|--:|--:|".AsMemory(), token).ConfigureAwait(false);
        await RowAsync("`New-ArtifactStore`", () => CreateAsync(token)).ConfigureAwait(false);
        await RowAsync("first publish", () => PublishAsync(token)).ConfigureAwait(false);
        await RowAsync("again, unchanged", () => PublishAsync(token)).ConfigureAwait(false);
        await RowAsync("publish one changed file through a draft", () => ChangeAsync(token)).ConfigureAwait(false);
        await RowAsync("`Get-Artifact data`", () => FindAsync(token)).ConfigureAwait(false);
        await RowAsync("`Compare-Artifact data:v0 data:v1`", () => CompareAsync(token)).ConfigureAwait(false);
        await RowAsync("`Save-Artifact data`, just published here", () => RestoreAsync("here", token))
            .ConfigureAwait(false);
        DeleteCache();
        await RowAsync("`Get-ArtifactContent data a-file`, elsewhere", () => ReadAsync(token)).ConfigureAwait(false);
        await RowAsync("the same again", () => ReadAsync(token)).ConfigureAwait(false);
        DeleteCache();
        await RowAsync("`Get-ArtifactEntry data`, elsewhere", () => ListAsync(token)).ConfigureAwait(false);
        await RowAsync("the same again", () => ListAsync(token)).ConfigureAwait(false);
        DeleteCache();
        await RowAsync("`Save-Artifact data`, elsewhere", () => RestoreAsync("elsewhere", token)).ConfigureAwait(false);
        await RowAsync("the same again, to another folder", () => RestoreAsync("another", token)).ConfigureAwait(false);
        DeleteCache();
        await RowAsync("publish one changed file through a draft, elsewhere", () => ChangeAsync(token))
            .ConfigureAwait(false);
        await RowAsync("`Test-ArtifactStore`", () => CheckAsync(token)).ConfigureAwait(false);
    }

    /// <summary>Measures looking up an artifact with many versions.</summary>
    public async Task MeasureVersionsAsync(int versions, CancellationToken token)
    {
        await AddVersionsAsync(0, versions, token).ConfigureAwait(false);
        await RowAsync(
                string.Format(CultureInfo.InvariantCulture, "`Get-Artifact many`, which has {0:N0} versions", versions),
                () => LookUpAsync(token)
            )
            .ConfigureAwait(false);
        await RowAsync("the same again", () => LookUpAsync(token)).ConfigureAwait(false);
        await AddVersionsAsync(versions, versions + 1, token).ConfigureAwait(false);
        await RowAsync("the same, when another has published a version", () => LookUpAsync(token))
            .ConfigureAwait(false);
    }

    private async Task RowAsync(string work, Func<Task> act)
    {
        _bucket.Count.TakeRow("");
        await act().ConfigureAwait(false);
        await output.WriteLineAsync(_bucket.Count.TakeRow(work)).ConfigureAwait(false);
    }

    private BucketObjectStore OpenRemote() => new(_bucket, "s3://bucket", "");

    private IObjectStore OpenCached() =>
        new CachingObjectStore(
            OpenRemote(),
            new BlockCache(new CachedFiles(Path.Combine(_folder.FullName, "blocks"), CacheLimit))
        );

    private void DeleteCache()
    {
        Directory.Delete(Path.Combine(_folder.FullName, "blocks"), recursive: true);
        // Objects of the version that this machine published last.
        var objects = CacheFolder.PathOf("objects", _storeId);
        if (Directory.Exists(objects))
            Directory.Delete(objects, recursive: true);
    }

    private async Task CreateAsync(CancellationToken token)
    {
        await OpenRemote().ProbeAsync(token).ConfigureAwait(false);
        _storeId = (await VersionStore.CreateAsync(OpenCached(), token).ConfigureAwait(false)).Id;
    }

    private async Task<PublishedVersion> FindAsync(CancellationToken token)
    {
        var versions = await VersionStore.OpenAsync(OpenCached(), token).ConfigureAwait(false);
        return await versions.FindAsync(ArtifactReference.Parse(Name), token).ConfigureAwait(false);
    }

    private async Task PublishAsync(CancellationToken token)
    {
        var versions = await VersionStore.OpenAsync(OpenCached(), token).ConfigureAwait(false);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse(Name), TypeName.Parse("dataset"), []);
        using var adder = new FileAdder(
            draft,
            replace: false,
            new ResultList<ItemFailure>(),
            new TransferProgress(),
            token
        );
        await adder.AddAsync(new FolderScanner(files), "").ConfigureAwait(false);
        await adder.CompleteAsync().ConfigureAwait(false);
        await Publisher.PublishAsync(draft, [], [], null, token).ConfigureAwait(false);
    }

    private async Task ChangeAsync(CancellationToken token)
    {
        await using var draft = ArtifactDraft.From(await FindAsync(token).ConfigureAwait(false));
        var path = await FirstPathAsync(draft.BaseVersion!, token).ConfigureAwait(false);
        var changed = Guid.NewGuid().ToByteArray();
        await draft.AddBytesAsync(path, changed, replace: true, token).ConfigureAwait(false);
        await Publisher.PublishAsync(draft, [], [], null, token).ConfigureAwait(false);
    }

    private async Task CompareAsync(CancellationToken token)
    {
        var version = await FindAsync(token).ConfigureAwait(false);
        var first = await version.Store.FindAsync(ArtifactReference.Parse(Name + ":v0"), token).ConfigureAwait(false);
        await foreach (
            var _ in ManifestComparer.CompareAsync(first.Manifest, version.Manifest, token).ConfigureAwait(false)
        ) { }
    }

    private async Task ReadAsync(CancellationToken token)
    {
        var version = await FindAsync(token).ConfigureAwait(false);
        var path = EntryPath.Parse(
            Path.GetRelativePath(files, Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Last())
                .Replace('\\', '/')
        );
        var entry = await version.Manifest.FindAsync(path, token).ConfigureAwait(false);
        await version.Store.Content.ReadAsync(entry!.Blob, token).ConfigureAwait(false);
    }

    private async Task ListAsync(CancellationToken token)
    {
        var version = await FindAsync(token).ConfigureAwait(false);
        await foreach (var _ in version.EntriesAsync(EntrySelector.All, token).ConfigureAwait(false)) { }
    }

    private async Task RestoreAsync(string destination, CancellationToken token)
    {
        var restorer = new FolderRestorer(
            await FindAsync(token).ConfigureAwait(false),
            Path.Combine(_folder.FullName, destination),
            new RestoreOptions(),
            new ResultList<RestoreResult>(),
            new TransferProgress()
        );
        await restorer.RestoreAsync(token).ConfigureAwait(false);
    }

    private async Task CheckAsync(CancellationToken token) =>
        await new StoreChecker(OpenRemote(), new ResultList<StoreProblem>(), new TransferProgress())
            .CheckAsync(false, token)
            .ConfigureAwait(false);

    private static async Task<EntryPath> FirstPathAsync(PublishedVersion version, CancellationToken token)
    {
        await foreach (var entry in version.EntriesAsync(EntrySelector.All, token).ConfigureAwait(false))
            return entry.Path;
        throw new InvalidOperationException("The version has no entries.");
    }

    private async Task AddVersionsAsync(int first, int end, CancellationToken token)
    {
        var versions = await VersionStore.OpenAsync(OpenRemote(), token).ConfigureAwait(false);
        for (var i = first; i < end; i++)
        {
            await using var draft = ArtifactDraft.Begin(
                versions,
                ArtifactName.Parse("many"),
                TypeName.Parse("dataset"),
                []
            );
            await draft
                .AddBytesAsync(EntryPath.Parse("file"), BitConverter.GetBytes(i), replace: false, token)
                .ConfigureAwait(false);
            await Publisher.PublishAsync(draft, [], [], null, token).ConfigureAwait(false);
        }
    }

    private async Task LookUpAsync(CancellationToken token)
    {
        var versions = await VersionStore.OpenAsync(OpenCached(), token).ConfigureAwait(false);
        await versions.ReadCatalogAsync(ArtifactName.Parse("many"), token).ConfigureAwait(false);
    }
}

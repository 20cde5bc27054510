using System.Globalization;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Counts;

/// <summary>Publishes, restores and verifies files in a folder of its own, and counts the work of each step.</summary>
internal sealed class CountedRun : IDisposable
{
    // The file index trusts files only when their last change is a while ago.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("artifacts-counts-");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Store => Path.Combine(_folder.FullName, "store");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <param name="files">Number of small files.</param>
    /// <param name="largeSize">Size of each of two large files in bytes.</param>
    public async Task<List<WorkCounts>> RunAsync(int files, int largeSize, CancellationToken cancellationToken)
    {
        CreateData(files, largeSize);
        await VersionStore.CreateAsync(new FolderObjectStore(Store), cancellationToken).ConfigureAwait(false);
        await Task.Delay(Settling, cancellationToken).ConfigureAwait(false);
        var publish = await CountAsync("first publish", () => PublishAsync(cancellationToken)).ConfigureAwait(false);
        var again = await CountAsync("again, unchanged", () => PublishAsync(cancellationToken)).ConfigureAwait(false);
        var change = await CountAsync("one changed file", () => ChangeAsync(cancellationToken)).ConfigureAwait(false);
        var verify = await CountAsync("verify all bytes", () => VerifyAsync(cancellationToken)).ConfigureAwait(false);
        var restore = await CountAsync("restore", () => RestoreAsync(cancellationToken)).ConfigureAwait(false);
        // Reads the files that the first restore wrote last: their times could not be trusted yet.
        await Task.Delay(Settling, cancellationToken).ConfigureAwait(false);
        await RestoreAsync(cancellationToken).ConfigureAwait(false);
        var restoreAgain = await CountAsync("restore again, unchanged", () => RestoreAsync(cancellationToken))
            .ConfigureAwait(false);
        return [publish, again, change, verify, restore, restoreAgain];
    }

    private void CreateData(int files, int largeSize)
    {
        for (var i = 0; i < files; i++)
            Write($"small/d{i % 20:D2}/f{i:D5}.bin", RandomOf(4096, i));
        for (var i = 0; i < files / 10; i++)
            Write($"text/t{i:D5}.txt", TextOf(8192, i));
        Write("large/random.bin", RandomOf(largeSize, -1));
        Write("large/text.txt", TextOf(largeSize, -1));
    }

    private void Write(FormattableString path, byte[] bytes) => Write(FormattableString.Invariant(path), bytes);

    private void Write(string path, byte[] bytes)
    {
        var file = Path.Combine(Data, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    private static byte[] RandomOf(int size, int seed)
    {
        var bytes = new byte[size];
        RandomBytes.Fill(bytes, (ulong)(seed + 2));
        return bytes;
    }

    // Hexadecimal digits of random bytes: they shrink to about half.
    private static byte[] TextOf(int size, int seed)
    {
        var text = Convert.ToHexString(RandomOf(size / 2, seed + (1 << 20)));
        return System.Text.Encoding.ASCII.GetBytes(text);
    }

    private async Task<WorkCounts> CountAsync(string work, Func<Task> act)
    {
        var storeBefore = Trees.Measure(Store);
        var before = ProcessIo.Read();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        await act().ConfigureAwait(false);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var io = ProcessIo.Read();
        var storeAfter = Trees.Measure(Store);
        return new WorkCounts(
            work,
            io.BytesRead - before.BytesRead,
            io.BytesWritten - before.BytesWritten,
            io.ReadCalls - before.ReadCalls,
            io.WriteCalls - before.WriteCalls,
            allocated,
            storeAfter.Bytes - storeBefore.Bytes,
            storeAfter.Files - storeBefore.Files
        );
    }

    // Each command of a user opens the store.
    private Task<VersionStore> OpenAsync(CancellationToken cancellationToken) =>
        VersionStore.OpenAsync(new FolderObjectStore(Store), cancellationToken);

    private async Task<PublishedVersion> FindAsync(CancellationToken cancellationToken) =>
        await (await OpenAsync(cancellationToken).ConfigureAwait(false))
            .FindAsync(ArtifactReference.Parse("data"), cancellationToken)
            .ConfigureAwait(false);

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var versions = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("data"), TypeName.Parse("data"), []);
        var failures = new ResultList<ItemFailure>();
        using var adder = new FileAdder(draft, replace: false, failures, new TransferProgress(), cancellationToken);
        await adder.AddAsync(new FolderScanner(Data), "").ConfigureAwait(false);
        await adder.CompleteAsync().ConfigureAwait(false);
        foreach (var failure in failures)
            throw failure.Exception;
        await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
    }

    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        await using var draft = ArtifactDraft.From(await FindAsync(cancellationToken).ConfigureAwait(false));
        await draft
            .AddBytesAsync(EntryPath.Parse("text/t00000.txt"), RandomOf(100, 0), replace: true, cancellationToken)
            .ConfigureAwait(false);
        await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var results = new ResultList<RestoreResult>();
        var restorer = new FolderRestorer(
            await FindAsync(cancellationToken).ConfigureAwait(false),
            Path.Combine(_folder.FullName, "restored"),
            new RestoreOptions(),
            results,
            new TransferProgress()
        );
        await restorer.RestoreAsync(cancellationToken).ConfigureAwait(false);
        if (results.OfType<RestoreResult.Failed>().FirstOrDefault() is { } failed)
            throw failed.Failure.Exception;
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var problems = new ResultList<StoreProblem>();
        await new StoreChecker(new FolderObjectStore(Store), problems, new TransferProgress())
            .CheckAsync(true, cancellationToken)
            .ConfigureAwait(false);
        if (problems.Any())
            throw new InvalidOperationException("The store has problems.");
    }
}

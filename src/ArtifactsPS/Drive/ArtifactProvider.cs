using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Provider;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>
/// Provider of drives that show a store: artifacts, their versions and aliases, and their folders and files. Drives are
/// read-only, except that versions can be removed.
/// </summary>
[CmdletProvider("Artifact", ProviderCapabilities.ShouldProcess | ProviderCapabilities.Filter)]
[OutputType(
    typeof(ArtifactSummary),
    typeof(ArtifactVersion),
    typeof(ArtifactFolder),
    typeof(Output.ArtifactEntry),
    ProviderCmdlet = ProviderCmdlet.GetChildItem
)]
[OutputType(
    typeof(ArtifactSummary),
    typeof(ArtifactVersion),
    typeof(ArtifactFolder),
    typeof(Output.ArtifactEntry),
    ProviderCmdlet = ProviderCmdlet.GetItem
)]
[OutputType(typeof(string), typeof(byte[]), typeof(byte), ProviderCmdlet = ProviderCmdlet.GetContent)]
public sealed partial class ArtifactProvider : NavigationCmdletProvider, IContentCmdletProvider, IDisposable
{
    private static readonly char[] Separators = ['/', '\\'];

    private const int MaxBatchSize = 256;
    private static readonly TimeSpan MaxBatchTime = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    protected override PSDriveInfo? NewDrive(PSDriveInfo drive)
    {
        if (drive is ArtifactDriveInfo)
            return drive;
        try
        {
            var stores = new StoreResolver(SessionState.Path);
            var name = drive.Root.Length > 0 ? drive.Root : null;
            CredentialSecret.Provide(stores, name, InvokeCommand);
            return new ArtifactDriveInfo(drive, Await(token => stores.OpenAsync(name, token)));
        }
        catch (ArtifactsException e)
        {
            WriteError(ErrorRecords.From(e, drive.Root));
            return null;
        }
    }

    /// <inheritdoc/>
    protected override bool IsValidPath(string path) => true;

    // The base class looks for the item, and is called for each item that is output.
    /// <inheritdoc/>
    protected override string GetChildName(string path)
    {
        var trimmed = path.TrimEnd(Separators);
        return trimmed.Substring(trimmed.LastIndexOfAny(Separators) + 1);
    }

    /// <inheritdoc/>
    protected override string GetParentPath(string path, string root)
    {
        var trimmed = path.TrimEnd(Separators);
        var top = string.IsNullOrEmpty(root) ? PSDriveInfo?.Root : root;
        // A root has no parent.
        return trimmed == top ? "" : trimmed.Substring(0, Math.Max(0, trimmed.LastIndexOfAny(Separators)));
    }

    /// <inheritdoc/>
    protected override bool ItemExists(string path) => Find(path) is not null;

    /// <inheritdoc/>
    protected override bool IsItemContainer(string path) => Find(path) is { IsContainer: true };

    /// <inheritdoc/>
    protected override bool HasChildItems(string path) => Find(path) is { IsContainer: true } node && List(node).Any();

    /// <inheritdoc/>
    protected override void GetItem(string path)
    {
        if (FindOrReport(path) is { } node)
            Write(node, path);
    }

    /// <inheritdoc/>
    protected override object GetChildItemsDynamicParameters(string path, bool recurse) => new ListParameters();

    /// <inheritdoc/>
    protected override object GetChildNamesDynamicParameters(string path) => new ListParameters();

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse) =>
        GetChildItems(path, recurse, recurse ? uint.MaxValue : 0);

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse, uint depth)
    {
        if (FindOrReport(path) is not { } node)
            return;
        if (node.IsContainer)
            WriteItems(node, path, recurse ? depth : 0);
        else
            Write(node, path);
    }

    /// <inheritdoc/>
    protected override void GetChildNames(string path, ReturnContainers returnContainers)
    {
        if (FindOrReport(path) is { IsContainer: true } node)
        {
            var selection = Selection();
            // Folders that don't match may have children that do.
            var all = returnContainers == ReturnContainers.ReturnAllContainers;
            foreach (var child in List(node))
                if ((all && child.IsContainer) || selection.Includes(child.Name, child.IsContainer))
                    WriteItemObject(child.Name, MakePath(path, child.Name), child.IsContainer);
        }
    }

    /// <inheritdoc/>
    protected override void RemoveItem(string path, bool recurse)
    {
        if (FindOrReport(path) is not { } node || !Selection().Includes(node.Name, node.IsContainer))
            return;
        if (node is not VersionNode { Version: { } version })
        {
            Refuse(path);
            return;
        }
        if (!ShouldProcess(version.Reference, "Delete"))
            return;
        try
        {
            var run = CurrentRun.Id;
            Await(token => VersionEditor.DeleteAsync(version, Force, run, token));
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            WriteError(ErrorRecords.From(e, DisplayPath(path)));
        }
    }

    // The engine calls this only for copies within the drive.
    /// <inheritdoc/>
    protected override void CopyItem(string path, string copyPath, bool recurse) => Refuse(copyPath);

    /// <inheritdoc/>
    protected override void MoveItem(string path, string destination) => Refuse(path);

    /// <inheritdoc/>
    protected override void NewItem(string path, string itemTypeName, object newItemValue) => Refuse(path);

    /// <inheritdoc/>
    protected override void RenameItem(string path, string newName) => Refuse(path);

    /// <inheritdoc/>
    protected override void SetItem(string path, object value) => Refuse(path);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    private void Refuse(string path) => WriteError(Refusal(path));

    private ErrorRecord Refusal(string path) =>
        ErrorRecords.From(new DriveReadOnlyException(DisplayPath(path)), DisplayPath(path));

    private void WriteItems(DriveNode node, string path, uint depth)
    {
        var folder = MakePath(path, "");
        if (folder.Length > 0 && Array.IndexOf(Separators, folder[folder.Length - 1]) < 0)
            folder += Path.DirectorySeparatorChar;
        var selection = Selection();
        foreach (var item in Batches(token => node.ListAsync(folder, depth, token)))
        {
            if (Stopping)
                return;
            if (selection.IncludesAll || selection.Includes(GetChildName(item.Path), item.IsContainer))
                WriteItemObject(item.Item, item.Path, item.IsContainer);
        }
    }

    private void Write(DriveNode node, string path)
    {
        if (Selection().Includes(node.Name, node.IsContainer))
            WriteItemObject(node.ToObject(), path, node.IsContainer);
    }

    private ItemSelection Selection() => new(Filter, DynamicParameters as ListParameters);

    private DriveNode? FindOrReport(string path)
    {
        try
        {
            if (Find(path) is { } node)
                return node;
            WriteError(
                ErrorRecords.From(
                    new ItemNotFoundException($"The item '{DisplayPath(path)}' does not exist."),
                    DisplayPath(path)
                )
            );
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            WriteError(ErrorRecords.From(e, DisplayPath(path)));
        }
        return null;
    }

    private DriveNode? Find(string path)
    {
        var names = path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !ItemPath.TryGetStore(names[0], out var store))
            return null;
        var drive = DriveOf(names[0]);
        return Await(async token =>
        {
            var catalogs =
                drive?.Catalogs
                ?? KnownCatalogs.Of(
                    await new StoreResolver(SessionState.Path).OpenAtAsync(store, token).ConfigureAwait(false)
                );
            return await DriveNode.FindAsync(catalogs, names.Skip(1), token).ConfigureAwait(false);
        });
    }

    // Null for the path of an object that was not found on a drive, or whose drive was removed. Listing the drives is slow,
    // because PowerShell looks for new file systems.
    private ArtifactDriveInfo? DriveOf(string root) =>
        PSDriveInfo is ArtifactDriveInfo current && current.Root == root
            ? current
            : SessionState
                .Drive.GetAllForProvider(ProviderInfo.Name)
                .OfType<ArtifactDriveInfo>()
                .FirstOrDefault(drive => drive.Root == root);

    // The path as a user writes it.
    private string DisplayPath(string path)
    {
        var names = path.Split(Separators, 2, StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !ItemPath.TryGetStore(names[0], out var store))
            return path;
        // On Windows, the engine joins names with backslashes.
        var rest = names.Length > 1 ? names[1].Replace('\\', '/') : "";
        return DriveOf(names[0]) is { } drive ? $"{drive.Name}:/{rest}" : $"{rest} ({store})";
    }

    private IEnumerable<DriveNode> List(DriveNode node) => Batches(node.ListAsync);

    // Waits for batches instead of items, and reads a batch while the previous one is output. The first ones are small, and slow
    // ones end early, so that output isn't delayed.
    private IEnumerable<T> Batches<T>(Func<CancellationToken, IAsyncEnumerable<T>> source)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var items = source(left.Token).GetAsyncEnumerator(left.Token);
        Task<List<T>>? next = null;
        try
        {
            for (var size = 1; ; size = Math.Min(2 * size, MaxBatchSize))
            {
                var batch = Await(_ => next ?? ReadAsync(1));
                if (batch.Count == 0)
                    yield break;
                var length = size;
                next = Task.Run(() => ReadAsync(length));
                foreach (var item in batch)
                    yield return item;
            }
        }
        finally
        {
            left.Cancel();
            // An enumerator can be disposed only between two items.
            next?.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
            items.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        async Task<List<T>> ReadAsync(int length)
        {
            var batch = new List<T>();
            var watch = Stopwatch.StartNew();
            while (
                batch.Count < length
                && (batch.Count == 0 || watch.Elapsed < MaxBatchTime)
                && await items.MoveNextAsync().ConfigureAwait(false)
            )
                batch.Add(items.Current);
            return batch;
        }
    }

    // Off the pipeline thread, whose context is PowerShell's.
    /// <param name="queue">Runs what the work adds to it; null for none.</param>
    private T Await<T>(Func<CancellationToken, Task<T>> work, PipelineQueue? queue = null)
    {
        try
        {
            var task = Task.Run(() => work(_stopping.Token), _stopping.Token);
            queue?.DrainUntil(task, Timeout.Infinite, () => { });
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}

/// <summary>An item of a drive is read-only.</summary>
public sealed class DriveReadOnlyException(string path)
    : ArtifactsException(
        $"'{path}' can't be changed: drives of artifacts are read-only, except for removing versions. Begin the next "
            + "version with New-ArtifactDraft, or remove an artifact with Remove-Artifact -AllVersions.",
        path
    )
{
    public override string ErrorId => "DriveReadOnly";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Lock of a destination. Of several restores with -Clean, one removes files at a time, and none removes
/// files that another is writing. On Linux the folder is locked, elsewhere a temporary file of this user. Where that isn't possible, the
/// lock has no effect.</summary>
internal sealed class CleanLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private int _descriptor = -1;
    private FileStream? _file;

    private CleanLock() { }

    /// <summary>Waits until no other process restores to a folder with -Clean.</summary>
    public static Task<CleanLock> AcquireAsync(string folder, CancellationToken cancellationToken) =>
        LinuxFile.IsSupported
            ? AcquireFolderAsync(folder, cancellationToken)
            : AcquireFileAsync(folder, cancellationToken);

    /// <summary>Waits for the lock by a temporary file.</summary>
    internal static async Task<CleanLock> AcquireFileAsync(string folder, CancellationToken cancellationToken)
    {
        var id = FolderIdentity.TryOf(folder);
        var acquired = new CleanLock();
        if (id is null)
            return acquired;
        var path = Path.Combine(Path.GetTempPath(), $"artifact-clean-{FileIndexKey.Of(id)}.lock");
        while (!acquired.TryOpen(path))
            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        return acquired;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var descriptor)
            LinuxFile.Close(descriptor);
        _file?.Dispose();
    }

    private static async Task<CleanLock> AcquireFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var descriptor = LinuxFile.TryOpenRead(LinuxFile.CurrentFolder, folder + "/.");
        var acquired = new CleanLock { _descriptor = descriptor };
        try
        {
            while (descriptor >= 0 && !LinuxFile.TryLock(descriptor, out var isHeld) && isHeld)
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
            return acquired;
        }
        catch
        {
            acquired.Dispose();
            throw;
        }
    }

    // The file stays: deleting it would be a race with the next process. False if another process has the lock.
    private bool TryOpen(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            return true;
        }
        catch (IOException e)
            when (e is FileNotFoundException or DirectoryNotFoundException || FullDisk.IsReportedBy(e))
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // The file of another user, in a folder that all users share.
            return true;
        }
    }
}

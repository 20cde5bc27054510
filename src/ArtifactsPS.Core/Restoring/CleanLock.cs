using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Lock of a destination. Of several restores with -Clean, one removes files at a time, and none removes
/// files that another is writing. Where folders can't be locked, it has no effect.</summary>
internal sealed class CleanLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private int _descriptor;

    private CleanLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Waits until no other process restores to a folder with -Clean.</summary>
    public static async Task<CleanLock> AcquireAsync(string folder, CancellationToken cancellationToken)
    {
        if (!LinuxFile.IsSupported)
            return new CleanLock(-1);
        var descriptor = LinuxFile.TryOpenRead(LinuxFile.CurrentFolder, folder + "/.");
        var acquired = new CleanLock(descriptor);
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

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var descriptor)
            LinuxFile.Close(descriptor);
    }
}

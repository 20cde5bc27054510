namespace ArtifactsPS.Core.Tests.Crowd;

/// <summary>
/// Makes the objects of a store older between the actions of crowd members, but never during one, so that they become old
/// enough to be cleaned up. An action takes a shared lock on a file; passing time takes an exclusive lock.
/// </summary>
/// <param name="folder">Folder of the lock files.</param>
internal sealed class CrowdTime(string folder)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Stops time until the result is disposed.</summary>
    public async Task<IDisposable> LockSharedAsync()
    {
        // A waiting exclusive lock owns the gate, so that later shared locks don't delay it.
        using var gate = await LockAsync("gate", FileShare.Read);
        return await LockAsync("time", FileShare.Read);
    }

    /// <summary>Stops all other members until the result is disposed.</summary>
    public async Task<IDisposable> LockExclusiveAsync()
    {
        using var gate = await LockAsync("gate", FileShare.None);
        return await LockAsync("time", FileShare.None);
    }

    /// <summary>Makes objects and staged files older. Needs the exclusive lock.</summary>
    public static void Pass(string store, TimeSpan time)
    {
        foreach (var part in new[] { "objects", "staging", "damaged", "cleanup" })
        {
            var below = Path.Combine(store, part);
            if (!Directory.Exists(below))
                continue;
            foreach (var file in Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - time);
        }
    }

    private async Task<FileStream> LockAsync(string name, FileShare share)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        for (var until = DateTime.UtcNow + LockTimeout; ; )
            try
            {
                return share == FileShare.None
                    ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share)
                    : new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, share);
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
                await Task.Delay(2);
            }
    }
}

namespace ArtifactsPS.Core.Tests.Crowd;

/// <summary>
/// Lets hours pass for a store between what the members of a crowd do, and none while they do it: its objects become old
/// enough to be cleaned up, as they would if nobody did anything for so long. Whoever does something holds a file's lock
/// with others, and time has it alone.
/// </summary>
/// <param name="folder">Where the locks are.</param>
internal sealed class CrowdTime(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Keeps time from passing until it is disposed.</summary>
    public async Task<IDisposable> HoldAsync()
    {
        // Who waits to be alone holds the gate, so that it isn't kept waiting by those who come after.
        using var gate = await LockAsync("gate", FileShare.Read);
        return await LockAsync("time", FileShare.Read);
    }

    /// <summary>Keeps all others from doing anything.</summary>
    public async Task<IDisposable> BeAloneAsync()
    {
        using var gate = await LockAsync("gate", FileShare.None);
        return await LockAsync("time", FileShare.None);
    }

    /// <summary>Makes objects and staged files older. Nobody else does anything meanwhile.</summary>
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
        for (var until = DateTime.UtcNow + Patience; ; )
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

using System.Buffers;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Puts a file in place only when it is whole.</summary>
internal static class FileReplacement
{
    private const string StagedPrefix = ".artifact-";
    private const string StagedSuffix = ".tmp";

    /// <summary>Gives a staged file the name of another, which it replaces if it is there.</summary>
    public static void Replace(string target, string staged)
    {
        if (LinuxFile.IsSupported)
        {
            LinuxFile.Rename(staged, target);
            return;
        }
#if NET
        File.Move(staged, target, overwrite: true);
#else
        if (File.Exists(target))
            File.Replace(staged, target, null);
        else
            File.Move(staged, target);
#endif
    }

    /// <summary>Writes a file of bytes that are in memory.</summary>
    public static void Write(string target, ArraySegment<byte> bytes, bool executable)
    {
        var staged = StagedBeside(target);
        try
        {
            if (LinuxFile.IsSupported)
                LinuxFile.WriteNew(staged, bytes);
            else
                using (var file = new FileStream(staged, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1))
                    file.Write(bytes.Array!, bytes.Offset, bytes.Count);
            Place(target, staged, executable);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <summary>Writes a file as its bytes come.</summary>
    /// <param name="target">Its path.</param>
    /// <param name="executable">Whether it may be run.</param>
    /// <param name="fill">Given what to call with each piece; if it throws, nothing is left.</param>
    public static Task WriteAsync(string target, bool executable, Func<Func<byte[], int, Task>, Task> fill) =>
        WriteAsync(target, executable, file => fill((bytes, count) => file.WriteAsync(bytes, 0, count)));

    /// <summary>Writes a file through a stream.</summary>
    /// <param name="target">Its path.</param>
    /// <param name="executable">Whether it may be run.</param>
    /// <param name="fill">Given the stream, unbuffered; if it throws, nothing is left.</param>
    public static async Task WriteAsync(string target, bool executable, Func<Stream, Task> fill)
    {
        var staged = StagedBeside(target);
        try
        {
            using (var file = new FileStream(staged, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1))
                await fill(file).ConfigureAwait(false);
            Place(target, staged, executable);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <summary>Of a name that <see cref="StagedName"/> draws.</summary>
    public const int StagedNameLength = 26;

    /// <summary>Draws a name for a file that isn't whole yet. It is short, since it must fit where that of the whole one
    /// does.</summary>
    public static string StagedName() => StagedPrefix + Guid.NewGuid().ToString("N").Substring(0, 12) + StagedSuffix;

    /// <summary>Whether a name is one that <see cref="StagedName"/> draws.</summary>
    public static bool IsStagedName(string name) =>
        name.Length == StagedNameLength
        && name.StartsWith(StagedPrefix, StringComparison.Ordinal)
        && name.EndsWith(StagedSuffix, StringComparison.Ordinal)
        && name.Skip(StagedPrefix.Length)
            .Take(StagedNameLength - StagedPrefix.Length - StagedSuffix.Length)
            .All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    // A name is replaced atomically only within a volume, so what replaces it is staged beside it.
    private static string StagedBeside(string target) => Path.Combine(Path.GetDirectoryName(target)!, StagedName());

    private static void Place(string target, string staged, bool executable)
    {
        if (executable)
            UnixPermissions.SetExecutable(staged, true);
        Replace(target, staged);
    }
}

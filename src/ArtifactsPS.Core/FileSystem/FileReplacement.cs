using System.Buffers;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Writes files to a temporary name, and renames them when they are complete.</summary>
internal static class FileReplacement
{
    private const string StagedPrefix = ".artifact-";
    private const string StagedSuffix = ".tmp";

    /// <summary>Renames a staged file to its target, replacing an existing file.</summary>
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

    /// <summary>Writes a file from bytes in memory.</summary>
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

    /// <summary>Writes a file from pieces.</summary>
    /// <param name="fill">Writes the pieces with the function it is given. If it throws, no file is left.</param>
    public static Task WriteAsync(string target, bool executable, Func<Func<byte[], int, Task>, Task> fill) =>
        WriteAsync(target, executable, file => fill((bytes, count) => file.WriteAsync(bytes, 0, count)));

    /// <summary>Writes a file through a stream.</summary>
    /// <param name="fill">Writes to the unbuffered stream. If it throws, no file is left.</param>
    /// <exception cref="FolderNotWritableException">No file can be created in the folder.</exception>
    public static async Task WriteAsync(string target, bool executable, Func<Stream, Task> fill)
    {
        var staged = StagedBeside(target);
        var file = Create(target, staged);
        try
        {
            using (file)
                await fill(file).ConfigureAwait(false);
            Place(target, staged, executable);
        }
        catch
        {
            File.Delete(staged);
            throw;
        }
    }

    /// <summary>Length in characters of a name that <see cref="StagedName"/> returns.</summary>
    public const int StagedNameLength = 26;

    /// <summary>Returns a random name for an incomplete file. It is short, so that it fits where the final name does.</summary>
    public static string StagedName() => StagedPrefix + Guid.NewGuid().ToString("N").Substring(0, 12) + StagedSuffix;

    /// <summary>Whether a name has the form that <see cref="StagedName"/> returns.</summary>
    public static bool IsStagedName(string name) =>
        name.Length == StagedNameLength
        && name.StartsWith(StagedPrefix, StringComparison.Ordinal)
        && name.EndsWith(StagedSuffix, StringComparison.Ordinal)
        && name.Skip(StagedPrefix.Length)
            .Take(StagedNameLength - StagedPrefix.Length - StagedSuffix.Length)
            .All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    // Renaming is atomic only within a volume, so a file is staged beside its target.
    private static string StagedBeside(string target) => Path.Combine(Path.GetDirectoryName(target)!, StagedName());

    private static FileStream Create(string target, string staged)
    {
        try
        {
            return new FileStream(staged, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderNotWritableException.Of(Path.GetDirectoryName(target)!, e);
        }
    }

    private static void Place(string target, string staged, bool executable)
    {
        if (executable)
            UnixPermissions.SetExecutable(staged, true);
        Replace(target, staged);
    }
}

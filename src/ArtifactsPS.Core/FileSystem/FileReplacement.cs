using System.Buffers;
using System.Globalization;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Writes files to a temporary name, and renames them when they are complete.</summary>
internal static class FileReplacement
{
    private const string StagedPrefix = ".artifact-";
    private const string StagedSuffix = ".tmp";
    private const ulong MaxNumber = (1UL << 48) - 1;
    private const long NumberStep = 0x1e3779b97f4a7c15;

    private static long _lastNumber = BitConverter.ToInt64(Guid.NewGuid().ToByteArray(), 0);

    /// <summary>Renames a staged file to its target, replacing an existing file.</summary>
    public static void Replace(string target, string staged)
    {
        if (LinuxFile.IsSupported)
            LinuxFile.Rename(staged, target);
        else if (!LocalFileSystem.Current.TryReplace(staged, target, isDurable: false))
            throw new FileNotFoundException($"'{target}' could not be created: its folder was removed.", target);
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
                using (
                    var file = LocalFileSystem.Current.Open(
                        staged,
                        FileMode.CreateNew,
                        FileAccess.Write,
                        FileShare.Read
                    )
                )
                    file.Write(bytes.Array!, bytes.Offset, bytes.Count);
            Place(target, staged, executable);
        }
        catch
        {
            LocalFileSystem.Current.Discard(staged);
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
            LocalFileSystem.Current.Discard(staged);
            throw;
        }
    }

    /// <summary>Writes a file through a stream, unless one of that name exists then.</summary>
    /// <param name="fill">Writes to the unbuffered stream. If it throws, no file is left.</param>
    /// <returns>False if a file of that name exists.</returns>
    /// <exception cref="FolderNotWritableException">No file can be created in the folder.</exception>
    public static async Task<bool> TryCreateAsync(string target, Func<Stream, Task> fill)
    {
        var staged = StagedBeside(target);
        var file = Create(target, staged);
        try
        {
            using (file)
                await fill(file).ConfigureAwait(false);
            return TryPlace(target, staged);
        }
        finally
        {
            LocalFileSystem.Current.Discard(staged);
        }
    }

    /// <summary>Writes a file through a stream. Without <paramref name="replaces"/>, a file that exists then stays.</summary>
    /// <inheritdoc cref="TryCreateAsync"/>
    public static async Task<bool> TryWriteAsync(string target, bool replaces, Func<Stream, Task> fill)
    {
        if (!replaces)
            return await TryCreateAsync(target, fill).ConfigureAwait(false);
        await WriteAsync(target, executable: false, fill).ConfigureAwait(false);
        return true;
    }

    /// <summary>Length in characters of a name that <see cref="StagedName"/> returns.</summary>
    public const int StagedNameLength = 26;

    /// <summary>Returns a name for an incomplete file. It is short, so that it fits where the final name does. Names of one process
    /// differ, and start at random: random bytes for each name would be a system call for each file.</summary>
    public static string StagedName()
    {
        // An odd step passes all numbers of 48 bits before it returns to the first.
        var number = (ulong)Interlocked.Add(ref _lastNumber, NumberStep) & MaxNumber;
        return StagedPrefix + number.ToString("x12", CultureInfo.InvariantCulture) + StagedSuffix;
    }

    /// <summary>Whether a name has the form that <see cref="StagedName"/> returns.</summary>
    public static bool IsStagedName(string name) =>
        name.Length == StagedNameLength
        && name.StartsWith(StagedPrefix, StringComparison.Ordinal)
        && name.EndsWith(StagedSuffix, StringComparison.Ordinal)
        && name.Skip(StagedPrefix.Length)
            .Take(StagedNameLength - StagedPrefix.Length - StagedSuffix.Length)
            .All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    // Renaming is atomic only within a volume, so a file is staged beside its target.
    private static string StagedBeside(string target) => Path.Combine(LongPath.FolderOf(target), StagedName());

    private static FileStream Create(string target, string staged)
    {
        try
        {
            return LocalFileSystem.Current.Open(staged, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !FullDisk.IsReportedBy(e))
        {
            throw FolderNotWritableException.Of(LongPath.FolderOf(target), e);
        }
    }

    private static bool TryPlace(string target, string staged)
    {
        try
        {
            return LocalFileSystem.Current.TryPlace(staged, target);
        }
        catch (NotSupportedException)
        {
            // FAT: it has neither links nor a rename that doesn't replace.
            if (File.Exists(target))
                return false;
            Replace(target, staged);
            return true;
        }
    }

    private static void Place(string target, string staged, bool executable)
    {
        if (executable)
            UnixPermissions.SetExecutable(staged, true);
        Replace(target, staged);
    }
}

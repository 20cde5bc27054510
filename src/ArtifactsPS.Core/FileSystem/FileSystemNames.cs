using System.Runtime.InteropServices;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Rules of a file system for names: which are valid, and which it treats as equal.</summary>
internal sealed record FileSystemNames
{
    private const int MaxSegment = 255;
    private const int MaxUnixPath = 4095;
    private const int MaxMacPath = 1023;
    private const string WindowsReserved = "<>:\"|?*";

    /// <summary>Whether names that differ as texts are different files.</summary>
    public bool DistinguishesAllNames => !IgnoresCase && !IgnoresNormalization;

    public bool IgnoresCase { get; init; }

    public bool IgnoresNormalization { get; init; }

    /// <summary>Whether dots and spaces at the end of a name are dropped.</summary>
    public bool DropsTrailingDots { get; init; } = IsWindows;

    /// <summary>Whether the rules of Windows apply.</summary>
    public bool HasWindowsRules { get; init; } = IsWindows;

    private static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static int MaxPath { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MaxMacPath : MaxUnixPath;

    /// <summary>Detects the rules of an existing folder with a temporary file.</summary>
    /// <exception cref="FolderNotWritableException">No file can be created there.</exception>
    public static FileSystemNames Of(string folder)
    {
        var name = $".artifact-{Guid.NewGuid():N}-\u00e9.tmp";
        var probe = Path.Combine(folder, name);
        try
        {
            LocalFileSystem.Current.Open(probe, FileMode.CreateNew, FileAccess.Write, FileShare.Read).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !FullDisk.IsReportedBy(e))
        {
            throw FolderNotWritableException.Of(folder, e);
        }
        try
        {
            return new FileSystemNames
            {
                IgnoresCase = Has(name.ToUpperInvariant()),
                IgnoresNormalization = Has(name.Normalize(NormalizationForm.FormD)),
                DropsTrailingDots = IsWindows || Has(name + "."),
            };
        }
        finally
        {
            LocalFileSystem.Current.Delete(probe);
        }

        bool Has(string other) => LocalFileSystem.Current.IsFile(Path.Combine(folder, other));
    }

    /// <summary>Returns a key that is equal for paths that the file system treats as equal.</summary>
    public string KeyOf(string path)
    {
        // A name that isn't valid Unicode can't be normalized, and no entry has it.
        var key =
            IgnoresNormalization && !LinuxFileName.HasEscape(path) ? path.Normalize(NormalizationForm.FormC) : path;
        return IgnoresCase ? key.ToUpperInvariant() : key;
    }

    /// <summary>Reason why a path is invalid on the file system; null if it is valid.</summary>
    /// <param name="path">Path of an entry.</param>
    /// <param name="destination">Full path of the folder to restore to.</param>
    public string? FaultOf(string path, string destination)
    {
        foreach (var segment in path.Split('/'))
            if (FaultOfSegment(segment) is { } fault)
                return fault;
        return !HasWindowsRules && LengthOf(path, destination) > MaxPath
            ? $"the whole path is longer than {MaxPath} bytes"
            : null;
    }

    // Without an open folder, the temporary name of a file must fit, too.
    private static int LengthOf(string path, string destination)
    {
        var folder = path.Substring(0, path.LastIndexOf('/') + 1);
        var name = Encoding.UTF8.GetByteCount(path) - Encoding.UTF8.GetByteCount(folder);
        if (!LinuxFile.IsSupported)
            name = Math.Max(name, FileReplacement.StagedNameLength);
        return Encoding.UTF8.GetByteCount(destination) + 1 + Encoding.UTF8.GetByteCount(folder) + name;
    }

    private string? FaultOfSegment(string segment)
    {
        var length = HasWindowsRules ? segment.Length : Encoding.UTF8.GetByteCount(segment);
        if (length > MaxSegment)
            return $"'{segment.Substring(0, 32)}…' is longer than {MaxSegment} {(HasWindowsRules ? "characters" : "bytes")}";
        if (DropsTrailingDots && segment[segment.Length - 1] is '.' or ' ')
            return "the file system does not support names that end with a dot or a space";
        if (!HasWindowsRules)
            return null;
        if (segment.IndexOfAny(WindowsReserved.ToCharArray()) >= 0)
            return $"Windows does not support names with {string.Join(" ", WindowsReserved.ToCharArray())}";
        return Values.WindowsDevices.Include(segment) ? $"'{segment}' is a Windows device" : null;
    }
}

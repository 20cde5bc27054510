using System.Runtime.InteropServices;
using System.Text;

namespace ArtifactsPS.Folders;

/// <summary>Which names the file system of a folder can hold, and which it can't tell apart.</summary>
internal sealed class FileSystemNames
{
    private const int MaxSegment = 255;
    private const int MaxUnixPath = 4095;
    private const string WindowsReserved = "<>:\"|?*";
    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private FileSystemNames(bool ignoresCase, bool ignoresNormalization)
    {
        IgnoresCase = ignoresCase;
        IgnoresNormalization = ignoresNormalization;
    }

    /// <summary>Whether names are all different that differ as texts.</summary>
    public bool TellsAllApart => !IgnoresCase && !IgnoresNormalization;

    public bool IgnoresCase { get; }

    public bool IgnoresNormalization { get; }

    /// <summary>Tries an existing folder out.</summary>
    public static FileSystemNames Of(string folder)
    {
        var name = $".artifact-{Guid.NewGuid():N}-\u00e9.tmp";
        var probe = Path.Combine(folder, name);
        File.WriteAllBytes(probe, []);
        try
        {
            return new FileSystemNames(
                File.Exists(Path.Combine(folder, name.ToUpperInvariant())),
                File.Exists(Path.Combine(folder, name.Normalize(NormalizationForm.FormD)))
            );
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>Equal for paths that the file system takes for one.</summary>
    public string KeyOf(string path)
    {
        var key = IgnoresNormalization ? path.Normalize(NormalizationForm.FormC) : path;
        return IgnoresCase ? key.ToUpperInvariant() : key;
    }

    /// <summary>Why no file can have a path; null when one can.</summary>
    /// <param name="path">An entry's path.</param>
    /// <param name="destination">The folder it would be below.</param>
    public static string? FaultOf(string path, string destination)
    {
        foreach (var segment in path.Split('/'))
            if (FaultOfSegment(segment) is { } fault)
                return fault;
        return
            !OnWindows && Encoding.UTF8.GetByteCount(destination) + 1 + Encoding.UTF8.GetByteCount(path) > MaxUnixPath
            ? $"the whole path is longer than {MaxUnixPath} bytes"
            : null;
    }

    private static string? FaultOfSegment(string segment)
    {
        var length = OnWindows ? segment.Length : Encoding.UTF8.GetByteCount(segment);
        if (length > MaxSegment)
            return $"'{segment.Substring(0, 32)}…' is longer than {MaxSegment} {(OnWindows ? "characters" : "bytes")}";
        if (!OnWindows)
            return null;
        if (segment.IndexOfAny(WindowsReserved.ToCharArray()) >= 0)
            return $"Windows has no names with {string.Join(" ", WindowsReserved.ToCharArray())}";
        if (segment[segment.Length - 1] is '.' or ' ')
            return "Windows has no names that end with a dot or a space";
        return Catalogs.Names.IsWindowsDevice(segment) ? $"'{segment}' is a device on Windows" : null;
    }
}

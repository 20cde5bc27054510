using System.Runtime.InteropServices;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Which names the file system of a folder can hold, and which it can't tell apart.</summary>
internal sealed record FileSystemNames
{
    private const int MaxSegment = 255;
    private const int MaxUnixPath = 4095;
    private const int MaxMacPath = 1023;
    private const string WindowsReserved = "<>:\"|?*";

    /// <summary>Whether names are all different that differ as texts.</summary>
    public bool TellsAllApart => !IgnoresCase && !IgnoresNormalization;

    public bool IgnoresCase { get; init; }

    public bool IgnoresNormalization { get; init; }

    /// <summary>Whether dots and spaces at a name's end get lost.</summary>
    public bool DropsTrailingDots { get; init; } = IsWindows;

    /// <summary>Whether the rules are those of Windows.</summary>
    public bool HasWindowsRules { get; init; } = IsWindows;

    private static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static int MaxPath { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MaxMacPath : MaxUnixPath;

    /// <summary>Tries an existing folder out.</summary>
    public static FileSystemNames Of(string folder)
    {
        var name = $".artifact-{Guid.NewGuid():N}-\u00e9.tmp";
        var probe = Path.Combine(folder, name);
        File.WriteAllBytes(probe, []);
        try
        {
            return new FileSystemNames
            {
                IgnoresCase = File.Exists(Path.Combine(folder, name.ToUpperInvariant())),
                IgnoresNormalization = File.Exists(Path.Combine(folder, name.Normalize(NormalizationForm.FormD))),
                DropsTrailingDots = IsWindows || File.Exists(probe + "."),
            };
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
    public string? FaultOf(string path, string destination)
    {
        foreach (var segment in path.Split('/'))
            if (FaultOfSegment(segment) is { } fault)
                return fault;
        return !HasWindowsRules && LengthOf(path, destination) > MaxPath
            ? $"the whole path is longer than {MaxPath} bytes"
            : null;
    }

    // Where a folder isn't held open, the name that a file has before it is whole must fit, too.
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
            return "the file system there has no names that end with a dot or a space";
        if (!HasWindowsRules)
            return null;
        if (segment.IndexOfAny(WindowsReserved.ToCharArray()) >= 0)
            return $"Windows has no names with {string.Join(" ", WindowsReserved.ToCharArray())}";
        return Values.WindowsDevices.Include(segment) ? $"'{segment}' is a device on Windows" : null;
    }
}

using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Texts of entries and folders in views. Properties are read by name, so that deserialized objects work, and so that
/// strict mode reports no missing properties of folders.</summary>
public static class EntryText
{
    private const int PrefixLength = 7; // sha256:
    private const int ShortLength = 12;

    /// <summary>Formats the size; null if the object has none.</summary>
    public static string? Size(PSObject item) => Value(item, "Size") is long size ? ByteSize.Pad(size) : null;

    /// <summary>The first 12 hex digits of the digest; null if there is none.</summary>
    public static string? Digest(PSObject item) =>
        Value(item, "Digest") is string { Length: > PrefixLength + ShortLength } digest
            ? digest.Substring(PrefixLength, ShortLength)
            : null;

    /// <summary>The path, colored by kind: executable file, folder or reference.</summary>
    /// <param name="style"><c>$PSStyle</c>; null in Windows PowerShell.</param>
    public static string Path(object? style, PSObject item)
    {
        var path = Value(item, "EntryPath")?.ToString() ?? "";
        if (Value(item, "Uri") is string uri)
            return $"{path} -> {ViewColor.Paint(style, "Cyan", uri)}";
        var isFolder = path.Length == 0 || path[path.Length - 1] == '/';
        var isExecutable = Value(item, "Executable") is true;
        return ViewColor.Paint(
            style,
            isFolder ? "Blue"
                : isExecutable ? "Green"
                : "",
            path
        );
    }

    private static object? Value(PSObject item, string name) => item.Properties[name]?.Value;
}

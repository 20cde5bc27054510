using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Entries, and folders among them, as views show them: also those that went through a job, and in strict mode,
/// where a folder may not be asked for what it hasn't got.</summary>
public static class EntryText
{
    private const int PrefixLength = 7; // sha256:
    private const int ShortLength = 12;

    /// <summary>The size, for people; nothing where there is none.</summary>
    public static string? Size(PSObject item) => Value(item, "Size") is long size ? ByteSize.Pad(size) : null;

    /// <summary>What tells digests apart.</summary>
    public static string? Digest(PSObject item) =>
        Value(item, "Digest") is string { Length: > PrefixLength + ShortLength } digest
            ? digest.Substring(PrefixLength, ShortLength)
            : null;

    /// <summary>The path: of executable files, folders and references in colours of their own.</summary>
    /// <param name="style"><c>$PSStyle</c>; null where there is none.</param>
    /// <param name="item">The entry or folder.</param>
    public static string Path(object? style, PSObject item)
    {
        var path = Value(item, "Path")?.ToString() ?? "";
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

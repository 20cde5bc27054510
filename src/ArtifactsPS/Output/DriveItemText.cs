using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Texts of a drive's items in the view that they share. Properties are read by name, so that deserialized objects work,
/// and so that strict mode reports no missing properties.</summary>
public static class DriveItemText
{
    // So that no column is empty.
    private const string None = "-";

    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>Path of the folder that an item is in, such as <c>art:/mnist/v0</c>.</summary>
    public static string Folder(PSObject item)
    {
        var drive = Value(item, "PSDrive") is { } known ? Text(PSObject.AsPSObject(known), "Name") : "";
        var path = Text(item, "PSParentPath");
        var start = path.IndexOf("::", StringComparison.Ordinal);
        var names = path.Substring(start < 0 ? 0 : start + 2).Split(Separators, 2);
        var folder = names.Length > 1 ? names[1].Replace('\\', '/') : "";
        // An object that was not found on a drive has the location of its store.
        return DisplayText.Of(drive.Length > 0 ? $"{drive}:/{folder}" : $"{Text(item, "Store")}:/{folder}");
    }

    /// <summary>Kind of an item: artifact, version, alias, folder, file or reference.</summary>
    public static string Kind(PSObject item) =>
        Has(item, "VersionCount") ? "artifact"
        : Has(item, "VersionNumber") ? (Text(item, "PSChildName") == Text(item, "Version") ? "version" : "alias")
        : !Has(item, "Digest") ? "folder"
        : Value(item, "Uri") is null ? "file"
        : "reference";

    /// <summary>Formats the size, if the item has one.</summary>
    public static string Size(PSObject item) => Value(item, "Size") is long size ? ByteSize.Pad(size) : None;

    /// <summary>Describes an artifact by its type and number of versions, a version by its number of files and its age, an alias
    /// by its version, and a file by the first digits of its digest.</summary>
    public static string Details(PSObject item) =>
        Kind(item) switch
        {
            "artifact" => $"{Count(Value(item, "VersionCount"), "version")}, {Text(item, "Type")}",
            "version" => Count(Value(item, "FileCount"), "file")
                + (Value(item, "CreatedAt") is DateTime time ? ", " + RelativeTime.Format(time) : ""),
            "alias" => $"{Text(item, "Version")}, {Count(Value(item, "FileCount"), "file")}",
            _ => EntryText.Digest(item) ?? None,
        };

    /// <summary>The item's name in its folder, colored by kind, and the target of a reference.</summary>
    /// <param name="style"><c>$PSStyle</c>; null in Windows PowerShell.</param>
    public static string Name(object? style, PSObject item)
    {
        var name = DisplayText.Of(Text(item, "PSChildName"));
        return Kind(item) switch
        {
            // The name of a drive's root is that of its store.
            "folder" => ViewColor.Paint(style, "Blue", Text(item, "EntryPath").Length > 0 ? name : "/"),
            "alias" => ViewColor.Aliases(style, [name]),
            "reference" => $"{name} -> {ViewColor.Paint(style, "Cyan", DisplayText.Of(Text(item, "Uri")))}",
            _ => ViewColor.Paint(style, Value(item, "Executable") is true ? "Green" : "", name),
        };
    }

    private static string Count(object? number, string unit) =>
        FormattableString.Invariant($"{number} {unit}{(number is 1 or 1L ? "" : "s")}");

    private static string Text(PSObject item, string name) => Value(item, name)?.ToString() ?? "";

    private static bool Has(PSObject item, string name) => item.Properties[name] is not null;

    private static object? Value(PSObject item, string name) =>
        item.Properties[name]?.Value is { } value ? (value is PSObject wrapped ? wrapped.BaseObject : value) : null;
}

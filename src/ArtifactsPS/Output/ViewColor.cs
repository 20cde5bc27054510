using System.Management.Automation;

namespace ArtifactsPS.Output;

/// <summary>
/// Colors of the views, from <c>$PSStyle</c>. The engine removes them from output to a file or pipe, and as
/// <c>OutputRendering</c> or NO_COLOR demands. Windows PowerShell has no <c>$PSStyle</c> and shows plain text.
/// </summary>
public static class ViewColor
{
    /// <summary>Adds a color to a text.</summary>
    /// <param name="style"><c>$PSStyle</c>; null in Windows PowerShell.</param>
    /// <param name="color">A property of its <c>Foreground</c>; empty for none.</param>
    public static string Paint(object? style, string color, string text) =>
        text.Length > 0 && color.Length > 0 && Property(Property(style, "Foreground"), color) is string begin
            ? begin + text + Property(style, "Reset")
            : text;

    /// <summary>Joins aliases; <c>latest</c> is dimmed.</summary>
    public static string Aliases(object? style, string[]? aliases) =>
        string.Join(
            ", ",
            (aliases ?? []).Select(alias =>
                Paint(
                    style,
                    string.Equals(alias, "latest", StringComparison.OrdinalIgnoreCase) ? "BrightBlack" : "Green",
                    alias
                )
            )
        );

    /// <summary>Colors a status as good, bad or neutral.</summary>
    public static string State(object? style, object state)
    {
        var text = state.ToString()!;
        return text switch
        {
            "Added" or "Succeeded" or "Completed" or "Valid" or "Passed" => Paint(style, "Green", text),
            "Modified"
            or "Extra"
            or "Running"
            or "Open"
            or "Sealed"
            or "Warning"
            or "NotSigned"
            or "NotTrusted"
            or "Expired" => Paint(style, "Yellow", text),
            "Removed"
            or "Missing"
            or "Changed"
            or "Unreadable"
            or "Failed"
            or "Error"
            or "HashMismatch"
            or "SignatureInvalid" => Paint(style, "Red", text),
            _ => text,
        };
    }

    private static object? Property(object? value, string name) =>
        value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
}

using System.Management.Automation;

namespace ArtifactsPS.Output;

/// <summary>
/// Colours of the views. They are those of <c>$PSStyle</c>, and the engine takes them out of what
/// goes to a file or pipe, or where <c>OutputRendering</c> or NO_COLOR says so. Windows PowerShell has no such thing and
/// gets plain text.
/// </summary>
public static class ViewColor
{
    /// <summary>Paints a text.</summary>
    /// <param name="style"><c>$PSStyle</c>; null where there is none.</param>
    /// <param name="color">A property of its <c>Foreground</c>; empty for none.</param>
    /// <param name="text">The text.</param>
    public static string Paint(object? style, string color, string text) =>
        text.Length > 0 && color.Length > 0 && Property(Property(style, "Foreground"), color) is string begin
            ? begin + text + Property(style, "Reset")
            : text;

    /// <summary>Aliases, of which <c>latest</c> goes without saying.</summary>
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

    /// <summary>A word that tells how something is: good, bad, or neither.</summary>
    public static string State(object? style, object state)
    {
        var text = state.ToString()!;
        return text switch
        {
            "Added" or "Succeeded" or "Completed" => Paint(style, "Green", text),
            "Modified" or "Extra" or "Running" or "Open" or "Sealed" or "Warning" => Paint(style, "Yellow", text),
            "Removed" or "Missing" or "Changed" or "Unreadable" or "Failed" or "Error" => Paint(style, "Red", text),
            _ => text,
        };
    }

    private static object? Property(object? value, string name) =>
        value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
}

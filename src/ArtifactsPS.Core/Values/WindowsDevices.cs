namespace ArtifactsPS.Core.Values;

/// <summary>File names that Windows reserves for devices.</summary>
internal static class WindowsDevices
{
    private static readonly HashSet<string> Names = new(
        [
            "CON",
            "PRN",
            "AUX",
            "NUL",
            "COM1",
            "COM2",
            "COM3",
            "COM4",
            "COM5",
            "COM6",
            "COM7",
            "COM8",
            "COM9",
            "LPT1",
            "LPT2",
            "LPT3",
            "LPT4",
            "LPT5",
            "LPT6",
            "LPT7",
            "LPT8",
            "LPT9",
            "COM\u00b9",
            "COM\u00b2",
            "COM\u00b3",
            "LPT\u00b9",
            "LPT\u00b2",
            "LPT\u00b3",
            "CONIN$",
            "CONOUT$",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether Windows opens a device for a file name, as for <c>nul</c>, <c>com1.txt</c> and <c>aux .c</c>.</summary>
    public static bool Include(string fileName)
    {
        var dot = fileName.IndexOf('.');
        return Names.Contains((dot < 0 ? fileName : fileName.Substring(0, dot)).TrimEnd(' '));
    }
}

using System.Globalization;

namespace ArtifactsPS.Host;

/// <summary>What the standard streams are connected to. Asked once: it doesn't change while the process lives.</summary>
internal static class Terminal
{
    private const int WidthOfFiles = 120;

    public static bool InputIsTerminal { get; } = !Console.IsInputRedirected;

    public static bool OutputIsTerminal { get; } = !Console.IsOutputRedirected;

    public static bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected;

    /// <summary>See https://no-color.org: set and not empty, whatever its value, means no colours.</summary>
    private static bool ColoursAreWelcome { get; } =
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static bool ColourOutput { get; } = OutputIsTerminal && ColoursAreWelcome;

    public static bool ColourError { get; } = ErrorIsTerminal && ColoursAreWelcome;

    /// <summary>Columns of a line: <c>COLUMNS</c>, else the terminal's width, else 120 for files and pipes.</summary>
    public static int Width
    {
        get
        {
            var columns = Environment.GetEnvironmentVariable("COLUMNS");
            if (int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0)
            {
                return width;
            }

            // A terminal that doesn't know its size says 0.
            return OutputIsTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthOfFiles;
        }
    }

    public static int Height => OutputIsTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 50;
}

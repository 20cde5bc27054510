using System.Globalization;

namespace ArtifactsPS.Output;

/// <summary>Formats sizes for people.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    private const int MaxLength = 10; // 1023.9 GiB

    /// <summary>A number of bytes in the largest unit that leaves a number of at least 1, such as <c>12.5 MiB</c>.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Format(CultureInfo.InvariantCulture, unit == 0 ? "{0:0} {1}" : "{0:0.0} {1}", value, Units[unit]);
    }

    /// <summary>A number of bytes in the largest unit, and exactly, such as <c>12.5 MiB (13107200 bytes)</c>.</summary>
    public static string Exact(long bytes) =>
        bytes < 1024 ? Format(bytes) : FormattableString.Invariant($"{Format(bytes)} ({bytes} bytes)");

    /// <summary>Formats a size for a table column, padded to a fixed width. The width of a column depends on its first rows
    /// only, and a wider size in a later row would be cut off.</summary>
    public static string Pad(long bytes) => Format(bytes).PadLeft(MaxLength);
}

using System.Globalization;

namespace ArtifactsPS.Output;

/// <summary>Puts sizes into words, for people.</summary>
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

    /// <summary>The same, for columns of tables: they are as wide as what is in their first rows, and a size that is cut off
    /// tells nothing.</summary>
    public static string Pad(long bytes) => Format(bytes).PadLeft(MaxLength);
}

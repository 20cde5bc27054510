using System.Globalization;
using ArtifactsPS.Content;

namespace ArtifactsPS;

/// <summary>Puts progress into words.</summary>
internal static class ProgressText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Describe(TransferProgress progress) =>
        progress.TotalFiles > 0
            ? $"{Number(progress.Files)} of {Number(progress.TotalFiles)} files, {Size(progress.Bytes)} of {Size(progress.TotalBytes)}"
            : $"{Number(progress.Files)} files, {Size(progress.Bytes)}";

    /// <returns>0 to 100, or -1 when the total isn't known.</returns>
    public static int Percent(TransferProgress progress) =>
        progress.TotalBytes > 0 ? (int)Math.Min(100, 100 * progress.Bytes / progress.TotalBytes)
        : progress.TotalFiles > 0 ? (int)Math.Min(100, 100 * progress.Files / progress.TotalFiles)
        : -1;

    /// <summary>A size in the largest unit that leaves a number of at least 1.</summary>
    public static string Size(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Format(CultureInfo.InvariantCulture, unit == 0 ? "{0:0} {1}" : "{0:0.0} {1}", value, Units[unit]);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

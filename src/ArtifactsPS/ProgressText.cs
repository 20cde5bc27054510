using System.Globalization;
using ArtifactsPS.Content;

namespace ArtifactsPS;

/// <summary>Puts progress into words.</summary>
internal static class ProgressText
{
    public static string Describe(TransferProgress progress) =>
        progress.TotalFiles > 0
            ? $"{Number(progress.Files)} of {Number(progress.TotalFiles)} files, {ByteSize.Format(progress.Bytes)} of {ByteSize.Format(progress.TotalBytes)}"
            : $"{Number(progress.Files)} files, {ByteSize.Format(progress.Bytes)}";

    /// <returns>0 to 100, or -1 when the total isn't known.</returns>
    public static int Percent(TransferProgress progress) =>
        progress.TotalBytes > 0 ? (int)Math.Min(100, 100 * progress.Bytes / progress.TotalBytes)
        : progress.TotalFiles > 0 ? (int)Math.Min(100, 100 * progress.Files / progress.TotalFiles)
        : -1;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

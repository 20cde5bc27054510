using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Output;

/// <summary>Describes the progress of one activity: files, bytes, recent rate and remaining time.</summary>
internal sealed class ProgressMeter
{
    // Long enough for a steady rate, short enough to follow changes.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(TimeSpan At, long Files, long Bytes)> _samples = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Starts measuring, unless it has started.</summary>
    public void Begin(TransferProgress? progress)
    {
        if (progress is not null && _samples.Count == 0)
            _samples.Enqueue((_watch.Elapsed, progress.Files, progress.Bytes));
    }

    /// <summary>Sets the status, percentage and remaining time of a record.</summary>
    public void Describe(ProgressRecord record, TransferProgress progress)
    {
        var now = (At: _watch.Elapsed, progress.Files, progress.Bytes);
        _samples.Enqueue(now);
        while (_samples.Count > 2 && now.At - _samples.Peek().At > Window)
            _samples.Dequeue();
        var (from, seconds) = (_samples.Peek(), (now.At - _samples.Peek().At).TotalSeconds);
        var isKnown = seconds >= Shortest.TotalSeconds;
        var bytesPerSecond = isKnown ? (now.Bytes - from.Bytes) / seconds : 0;
        var filesPerSecond = isKnown ? (now.Files - from.Files) / seconds : 0;
        record.StatusDescription =
            Counts(progress)
            + (
                bytesPerSecond >= 1 ? $", {ByteSize.Format((long)bytesPerSecond)}/s"
                : filesPerSecond >= 1 ? $", {Number((long)filesPerSecond)} files/s"
                : ""
            );
        record.PercentComplete = Percent(progress);
        record.SecondsRemaining = SecondsLeft(progress, bytesPerSecond, filesPerSecond);
    }

    private static string Counts(TransferProgress progress) =>
        progress.TotalFiles > 0
            ? $"{Number(progress.Files)} of {Number(progress.TotalFiles)} files, {ByteSize.Format(progress.Bytes)} of {ByteSize.Format(progress.TotalBytes)}"
            : $"{Number(progress.Files)} files, {ByteSize.Format(progress.Bytes)}";

    // 0 to 100, or -1 if the total is unknown.
    private static int Percent(TransferProgress progress) =>
        progress.TotalBytes > 0 ? (int)Math.Min(100, 100 * progress.Bytes / progress.TotalBytes)
        : progress.TotalFiles > 0 ? (int)Math.Min(100, 100 * progress.Files / progress.TotalFiles)
        : -1;

    // -1 if unknown.
    private static int SecondsLeft(TransferProgress progress, double bytesPerSecond, double filesPerSecond)
    {
        var (left, rate) =
            progress.TotalBytes > 0
                ? (progress.TotalBytes - progress.Bytes, bytesPerSecond)
                : (progress.TotalFiles - progress.Files, filesPerSecond);
        return progress.TotalFiles > 0 && rate >= 1 ? (int)Math.Min(int.MaxValue, Math.Max(0, left) / rate) : -1;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

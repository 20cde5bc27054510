using System.Diagnostics;
using System.Management.Automation;

namespace ArtifactsPS.Host;

/// <summary>
/// Progress of the most recent activity, as one line on standard error that is overwritten. Nothing is written if standard
/// error is not a terminal.
/// </summary>
internal sealed class ProgressLine
{
    private const string ClearLine = "\r\u001b[2K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _sinceDrawn = new();
    private int _drawnActivity = -1;
    private bool _visible;

    public void Write(ProgressRecord record)
    {
        if (!Terminal.ErrorIsTerminal)
        {
            return;
        }

        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
        }
        // A child activity is more specific than its parent, and replaces it at once.
        else if (
            !_sinceDrawn.IsRunning
            || _sinceDrawn.Elapsed >= Interval
            || (record.ParentActivityId >= 0 && record.ParentActivityId == _drawnActivity)
        )
        {
            _drawnActivity = record.ActivityId;
            Console.Error.Write(ClearLine + Text(record));
            _visible = true;
            _sinceDrawn.Restart();
        }
    }

    /// <summary>Removes the line before other output.</summary>
    public void Clear()
    {
        if (_visible)
        {
            Console.Error.Write(ClearLine);
            _visible = false;
            _sinceDrawn.Reset();
        }
    }

    private static string Text(ProgressRecord record)
    {
        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        var remaining = record.SecondsRemaining >= 0 ? $" ({TimeSpan.FromSeconds(record.SecondsRemaining)} left)" : "";
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? "" : $" {record.CurrentOperation}";
        var text = $"{record.Activity}:{percent} {record.StatusDescription}{operation}{remaining}"
            .Replace('\n', ' ')
            .Replace('\r', ' ');
        // A line as wide as the terminal would wrap, and only its last row would be cleared.
        return text.Length < Terminal.Width ? text : text[..(Terminal.Width - 1)];
    }
}

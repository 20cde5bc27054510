using System.Management.Automation;
using System.Management.Automation.Host;

namespace ArtifactsPS.Host;

/// <summary>
/// Output and information go to standard output; errors, warnings, verbose and debug messages, prompts and progress
/// to standard error, so that redirected output holds nothing else. Reading is in <c>HostUI.Input.cs</c>.
/// </summary>
internal sealed partial class HostUI : PSHostUserInterface
{
    private readonly ProgressLine _progress = new();

    public override PSHostRawUserInterface RawUI { get; } = new HostRawUI();

    /// <summary>Tells the engine whether the format views and error views may use colours.</summary>
    public override bool SupportsVirtualTerminal => Terminal.ColourOutput;

    public override void Write(string value) => WriteOutput(value);

    public override void WriteLine(string value) => WriteOutput(value + Environment.NewLine);

    public override void WriteLine() => WriteOutput(Environment.NewLine);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteOutput(Coloured(foregroundColor, backgroundColor, value));

    // The line's end is not coloured: a background would bleed into the next line.
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteOutput(Coloured(foregroundColor, backgroundColor, value) + Environment.NewLine);

    /// <summary>The engine has rendered the error, with colours if <see cref="SupportsVirtualTerminal"/>.</summary>
    public override void WriteErrorLine(string value) => WriteMessage(value, style: "");

    public override void WriteWarningLine(string message) =>
        WriteMessage("WARNING: " + message, PSStyle.Instance.Formatting.Warning);

    public override void WriteVerboseLine(string message) =>
        WriteMessage("VERBOSE: " + message, PSStyle.Instance.Formatting.Verbose);

    public override void WriteDebugLine(string message) =>
        WriteMessage("DEBUG: " + message, PSStyle.Instance.Formatting.Debug);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Write(record);

    public void ClearProgress() => _progress.Clear();

    /// <summary>Whether output is written to standard error, because it shows an error.</summary>
    public bool OutputIsError { get; set; }

    private void WriteOutput(string text)
    {
        _progress.Clear();
        // The format views write colours in any case; they are removed for a file or pipe.
        if (OutputIsError)
        {
            Console.Error.Write(GetOutputString(text, Terminal.ColourError));
        }
        else
        {
            Console.Out.Write(GetOutputString(text, Terminal.ColourOutput));
        }
    }

    private void WriteMessage(string text, string style)
    {
        _progress.Clear();
        Console.Error.WriteLine(
            !Terminal.ColourError ? GetOutputString(text, supportsVirtualTerminal: false)
            : style.Length > 0 ? style + text + PSStyle.Instance.Reset
            : text
        );
    }

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string text)
    {
        var style = "";
        if (Terminal.ColourOutput)
        {
            style += foreground == RawUI.ForegroundColor ? "" : PSStyle.MapForegroundColorToEscapeSequence(foreground);
            style += background == RawUI.BackgroundColor ? "" : PSStyle.MapBackgroundColorToEscapeSequence(background);
        }

        return style.Length == 0 ? text : style + text + PSStyle.Instance.Reset;
    }
}

using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>A host, 120 columns wide if not told otherwise, that keeps what is shown, and answers questions as it was told
/// to.</summary>
public sealed class RecordingHost : PSHost
{
    private readonly RecordingUI _ui = new();

    /// <summary>The label of the choice to take at each question, <c>&amp;Yes</c>; with none left, a question fails.</summary>
    public Queue<string> Answers => _ui.Answers;

    /// <summary>The questions that were asked.</summary>
    public IReadOnlyList<string> Questions => _ui.Questions;

    /// <summary>How many columns the screen has.</summary>
    public int Width
    {
        set => _ui.RawUI.BufferSize = _ui.RawUI.WindowSize = new Size(value, 50);
    }

    /// <summary>Whether it is a terminal that shows colours; else what is shown has none.</summary>
    public bool ShowsColors
    {
        set => _ui.ShowsColors = value;
    }

    public override string Name => "RecordingHost";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    /// <summary>What was shown since this was last asked for.</summary>
    public string TakeShown() => _ui.TakeShown();

    public override void SetShouldExit(int exitCode) { }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    private sealed class RecordingUI : PSHostUserInterface
    {
        private readonly StringBuilder _shown = new();
        private readonly List<string> _questions = [];

        public Queue<string> Answers { get; } = new();

        public IReadOnlyList<string> Questions => _questions;

        public bool ShowsColors { get; set; }

        public override bool SupportsVirtualTerminal => ShowsColors;

        public override PSHostRawUserInterface RawUI { get; } = new WideScreen();

        public string TakeShown()
        {
            var text = _shown.ToString();
            _shown.Clear();
            return text;
        }

        public override void Write(string value) => _shown.Append(Rendered(value));

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Write(value);

        public override void WriteLine(string value) => _shown.AppendLine(Rendered(value));

        // Errors, warnings and the like are in the streams of the session.
        public override void WriteErrorLine(string value) { }

        public override void WriteWarningLine(string message) { }

        public override void WriteVerboseLine(string message) { }

        public override void WriteDebugLine(string message) { }

        public override void WriteProgress(long sourceId, ProgressRecord record) { }

        public override int PromptForChoice(
            string caption,
            string message,
            Collection<ChoiceDescription> choices,
            int defaultChoice
        )
        {
            _questions.Add(message);
            var answer = Answers.Dequeue();
            return choices.Select(choice => choice.Label).ToList().IndexOf(answer);
        }

        public override string ReadLine() => throw new NotSupportedException();

        public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

        public override Dictionary<string, PSObject> Prompt(
            string caption,
            string message,
            Collection<FieldDescription> descriptions
        ) => throw new NotSupportedException();

        public override PSCredential PromptForCredential(string c, string m, string u, string t) =>
            throw new NotSupportedException();

        public override PSCredential PromptForCredential(
            string c,
            string m,
            string u,
            string t,
            PSCredentialTypes allowed,
            PSCredentialUIOptions options
        ) => throw new NotSupportedException();

        private string Rendered(string text) => GetOutputString(text, ShowsColors);
    }

    private sealed class WideScreen : PSHostRawUserInterface
    {
        public override Size BufferSize { get; set; } = new(120, 50);

        public override Size WindowSize { get; set; } = new(120, 50);

        public override Size MaxWindowSize => BufferSize;

        public override Size MaxPhysicalWindowSize => BufferSize;

        public override ConsoleColor ForegroundColor { get; set; }

        public override ConsoleColor BackgroundColor { get; set; }

        public override Coordinates CursorPosition { get; set; }

        public override Coordinates WindowPosition { get; set; }

        public override int CursorSize { get; set; }

        public override string WindowTitle { get; set; } = "";

        public override bool KeyAvailable => false;

        public override void FlushInputBuffer() { }

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException();

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
            throw new NotSupportedException();

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill) =>
            throw new NotSupportedException();

        public override void ScrollBufferContents(Rectangle source, Coordinates d, Rectangle clip, BufferCell fill) =>
            throw new NotSupportedException();
    }
}

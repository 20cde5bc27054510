using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>A host that records its output and answers prompts from a queue. It is 120 columns wide by default.</summary>
public sealed class RecordingHost : PSHost
{
    private readonly RecordingUI _ui = new();

    /// <summary>Labels of the choices for the next prompts, such as <c>&amp;Yes</c>. A prompt fails if the queue is empty.</summary>
    public Queue<string> Answers => _ui.Answers;

    /// <summary>Whether a prompt fails as that of the console host does after the end of its input.</summary>
    public bool IsInputClosed
    {
        set => _ui.IsInputClosed = value;
    }

    /// <summary>The messages of all prompts, oldest first.</summary>
    public IReadOnlyList<string> Questions => _ui.Questions;

    /// <summary>Width of the screen in columns.</summary>
    public int Width
    {
        set => _ui.RawUI.BufferSize = _ui.RawUI.WindowSize = new Size(value, 50);
    }

    /// <summary>Whether the host supports escape sequences for colours.</summary>
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

    /// <summary>Returns the text displayed since the last call.</summary>
    public string TakeOutput() => _ui.TakeOutput();

    public override void SetShouldExit(int exitCode) { }

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    private sealed class RecordingUI : PSHostUserInterface
    {
        private readonly StringBuilder _output = new();
        private readonly List<string> _questions = [];

        public bool IsInputClosed { private get; set; }

        public Queue<string> Answers { get; } = new();

        public IReadOnlyList<string> Questions => _questions;

        public bool ShowsColors { get; set; }

        public override bool SupportsVirtualTerminal => ShowsColors;

        public override PSHostRawUserInterface RawUI { get; } = new WideScreen();

        public string TakeOutput()
        {
            var text = _output.ToString();
            _output.Clear();
            return text;
        }

        public override void Write(string value) => _output.Append(Rendered(value));

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
            Write(value);

        public override void WriteLine(string value) => _output.AppendLine(Rendered(value));

        // The session records errors, warnings and messages from its streams.
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
            if (IsInputClosed)
#pragma warning disable MA0012 // The console host throws it.
                throw new NullReferenceException();
#pragma warning restore MA0012
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

using System.Management.Automation.Host;

namespace ArtifactsPS.Host;

/// <summary>
/// The screen, as far as scripts need one: its width, which the format views use, and keys. Screen buffers are a
/// Windows console's, and not supported.
/// </summary>
internal sealed class HostRawUI : PSHostRawUserInterface
{
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => new(Terminal.Width, Terminal.Height);
        set => throw NoScreen();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw NoScreen();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override string WindowTitle { get; set; } = "artifacts";

    public override bool KeyAvailable => Terminal.InputIsTerminal && Console.KeyAvailable;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.InputIsTerminal)
        {
            throw new HostException("A key can't be read: standard input is not a terminal.");
        }

        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        var state = (ControlKeyStates)0;
        state |= key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0;
        state |= key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0;
        state |= key.Modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0;
        return new KeyInfo((int)key.Key, key.KeyChar, state, keyDown: true);
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoScreen();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoScreen();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NoScreen();

    public override void ScrollBufferContents(
        Rectangle source,
        Coordinates destination,
        Rectangle clip,
        BufferCell fill
    ) => throw NoScreen();

    private static NotSupportedException NoScreen() =>
        new("This host writes lines; it has no screen buffer to read, resize or scroll.");
}

using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace ArtifactsPS.Host;

/// <summary>The host that the engine talks to: the standard streams of this process.</summary>
internal sealed class ArtifactsHost : PSHost
{
    private readonly HostUI _ui = new();

    /// <summary>What a script asked for with <c>exit</c>; null if it did not.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>True while the pipeline thread is blocked on standard input.</summary>
    public bool IsReadingInput => _ui.IsReadingInput;

    public override string Name => "ArtifactsHost";

    public override Version Version => Assembly.GetExecutingAssembly().GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() =>
        throw new NotSupportedException("This host runs scripts and has no prompt to suspend to.");

    public override void ExitNestedPrompt() { }

    public override void NotifyBeginApplication() { }

    public override void NotifyEndApplication() { }

    /// <summary>Removes what is on the terminal only for the time being.</summary>
    public void ClearProgress() => _ui.ClearProgress();

    /// <summary>Sends all output to standard error from now on.</summary>
    public void TurnOutputToErrors() => _ui.OutputIsError = true;
}

using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace ArtifactsPS.Host;

/// <summary>PowerShell host that uses the standard streams of this process.</summary>
internal sealed class ArtifactsHost : PSHost
{
    private readonly HostUI _ui = new();

    /// <summary>Exit code of the script's <c>exit</c>; null without one.</summary>
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

    /// <summary>Removes the progress line from the terminal.</summary>
    public void ClearProgress() => _ui.ClearProgress();

    /// <summary>Sends all output to standard error from now on.</summary>
    public void TurnOutputToErrors() => _ui.OutputIsError = true;
}

using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Host;

/// <summary>Runs one script or line in a new runspace, and returns the exit code of the process.</summary>
internal sealed class ScriptRunner
{
    private const int Failed = 1;
    private const int Signalled = 128; // plus the signal's number, as shells have it

    private readonly ArtifactsHost _host;
    private readonly PowerShell _shell;
    private int _signal;

    private ScriptRunner(ArtifactsHost host, PowerShell shell)
    {
        _host = host;
        _shell = shell;
    }

    /// <exception cref="UsageException">The script doesn't exist.</exception>
    public static int Run(HostArguments arguments)
    {
        if (arguments.Action == HostAction.RunScript && !File.Exists(arguments.Text))
        {
            throw new UsageException($"The script '{arguments.Text}' doesn't exist.");
        }

        CultureInfo.CurrentCulture = HostCulture.OfProcess();
        var host = new ArtifactsHost();
        try
        {
            using var runspace = OpenRunspace(host, arguments.ImportModule);
            using var shell = PowerShell.Create(runspace);
            var runner = new ScriptRunner(host, shell);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, runner.Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, runner.Stop);
            return runner.Invoke(arguments);
        }
        catch (RuntimeException fault)
        {
            // The module could not be imported, so there is no runspace to render the error.
            host.UI.WriteErrorLine(fault.Message);
            return Failed;
        }
    }

    private static Runspace OpenRunspace(ArtifactsHost host, bool importModule)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
        {
            // Naming a script on this command line is consent to run it.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        if (importModule)
        {
            var module =
                ModuleLocator.Find(AppContext.BaseDirectory)
                ?? throw new RuntimeException(
                    $"Artifacts.psd1 was found neither in '{AppContext.BaseDirectory}' nor in a folder above it."
                );
            state.ImportPSModule([module]);
        }

        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        OpenWithoutTelemetry(runspace);
        return runspace;
    }

    // The engine reads the telemetry opt-out once, when the runspace is opened. Preparing telemetry takes a tenth of the
    // start time.
    private static void OpenWithoutTelemetry(Runspace runspace)
    {
        const string OptOut = "POWERSHELL_TELEMETRY_OPTOUT";
        if (Environment.GetEnvironmentVariable(OptOut) is not null)
        {
            runspace.Open();
            return;
        }

        Environment.SetEnvironmentVariable(OptOut, "1");
        try
        {
            runspace.Open();
        }
        finally
        {
            // Child processes of the script keep their own choice.
            Environment.SetEnvironmentVariable(OptOut, null);
        }
    }

    private int Invoke(HostArguments arguments)
    {
        _shell.AddScript(
            arguments.Action == HostAction.RunScript ? CallOf(arguments.Text) : WithExitCode(arguments.Text),
            useLocalScope: false
        );
        foreach (var parameter in ScriptParameters.Bind(arguments.Rest))
        {
            _shell.Commands.Commands[0].Parameters.Add(parameter);
        }

        // Errors go through Out-Default too: it renders them with the error view and keeps them in order with output.
        _shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        _shell.AddCommand("Out-Default");

        var failed = false;
        try
        {
            _shell.Invoke();
        }
        catch (PipelineStoppedException) when (_signal != 0) { }
        catch (RuntimeException fault)
        {
            Report(fault);
            failed = true;
        }

        _host.ClearProgress();
        return _signal != 0 ? Signalled + _signal : _host.ExitCode ?? (failed ? Failed : 0);
    }

    // As in pwsh, a script fails only by a terminating error or `exit`. `exit` in a called script ends only that script,
    // so it is repeated here. `$?` distinguishes it from the exit code of a program that the script ran.
    private static string CallOf(string script)
    {
        var path = CodeGeneration.EscapeSingleQuotedStringContent(Path.GetFullPath(script));
        return $"& '{path}' @args\nif (-not $?) {{ exit $(if ($LASTEXITCODE) {{ $LASTEXITCODE }} else {{ {Failed} }}) }}";
    }

    // As in pwsh, a line fails if its last statement failed. `$?` is lost when the pipeline ends, so the line itself
    // checks it.
    private static string WithExitCode(string line)
    {
        var syntax = Parser.ParseInput(line, out _, out var faults);
        return faults.Length == 0 && syntax.EndBlock is { Unnamed: true }
            ? $"{line}\nif (-not $?) {{ exit {Failed} }}"
            : line;
    }

    /// <summary>Shows a terminating error, the last thing there is to show, as the engine shows others.</summary>
    private void Report(RuntimeException fault)
    {
        if (fault is ParseException)
        {
            // The error view has no script to quote from.
            _host.UI.WriteErrorLine(fault.Message);
            return;
        }

        // Out-Default renders a record with the error view, but as the output that it is.
        _host.TurnOutputToErrors();
        using var shell = PowerShell.Create(_shell.Runspace);
        shell.AddCommand("Out-Default").AddParameter("InputObject", fault.ErrorRecord).Invoke();
    }

    /// <summary>Stops the pipeline at the first signal. Ends the process at the second, or while standard input is read.</summary>
    private void Stop(PosixSignalContext context)
    {
        var number = context.Signal == PosixSignal.SIGINT ? 2 : 15;
        context.Cancel = true;
        if (Interlocked.Exchange(ref _signal, number) != 0 || _host.IsReadingInput)
        {
            Environment.Exit(Signalled + number);
        }

        _shell.BeginStop(callback: null, state: null);
    }
}

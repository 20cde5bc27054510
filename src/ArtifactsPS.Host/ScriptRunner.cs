using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Host;

/// <summary>Runs one script or one line in a runspace of its own, and says with which code the process ends.</summary>
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
            // Before there is a runspace to render it: the module could not be imported.
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
            // Whoever names a script on this command line means to run it.
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
        OpenSilently(runspace);
        return runspace;
    }

    // The engine tells Microsoft how it is used, and takes a tenth of the Host's start to prepare for it. Whether it may, it
    // asks once.
    private static void OpenSilently(Runspace runspace)
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
            // Programs that the script starts decide for themselves.
            Environment.SetEnvironmentVariable(OptOut, null);
        }
    }

    private int Invoke(HostArguments arguments)
    {
        _shell.AddScript(
            arguments.Action == HostAction.RunScript ? CallOf(arguments.Text) : WithItsFailure(arguments.Text),
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

    // As in pwsh, a script fails only by a terminating error or `exit`. `exit` ends a called script alone, so it is said
    // again; `$?` tells it from the exit code of a program that the script ran.
    private static string CallOf(string script)
    {
        var path = CodeGeneration.EscapeSingleQuotedStringContent(Path.GetFullPath(script));
        return $"& '{path}' @args\nif (-not $?) {{ exit $(if ($LASTEXITCODE) {{ $LASTEXITCODE }} else {{ {Failed} }}) }}";
    }

    // As in pwsh, a line fails if its last statement did. The engine forgets `$?` with the pipeline, so the line itself
    // has to look.
    private static string WithItsFailure(string line)
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
            // The error view finds no script to quote from.
            _host.UI.WriteErrorLine(fault.Message);
            return;
        }

        // Out-Default renders a record with the error view, but as the output that it is.
        _host.TurnOutputToErrors();
        using var shell = PowerShell.Create(_shell.Runspace);
        shell.AddCommand("Out-Default").AddParameter("InputObject", fault.ErrorRecord).Invoke();
    }

    /// <summary>Stops the pipeline at the first signal; at the second, or where nothing can be stopped, the process.</summary>
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

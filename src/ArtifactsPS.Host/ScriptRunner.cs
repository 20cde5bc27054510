using System.Globalization;
using System.Management.Automation;
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
        runspace.Open();
        return runspace;
    }

    private int Invoke(HostArguments arguments)
    {
        var isScript = arguments.Action == HostAction.RunScript;
        if (isScript)
        {
            _shell.AddCommand(Path.GetFullPath(arguments.Text));
            foreach (var parameter in ScriptParameters.Bind(arguments.Rest))
            {
                _shell.Commands.Commands[0].Parameters.Add(parameter);
            }
        }
        else
        {
            _shell.AddScript(arguments.Text, useLocalScope: false);
        }

        // Errors go through Out-Default too: it renders them with the error view and keeps them in order with output.
        _shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        _shell.AddCommand("Out-Default");

        var failed = false;
        try
        {
            _shell.Invoke();
            // As in pwsh: a line fails if its last statement did; a script only by a terminating error or `exit`.
            failed = !isScript && _shell.Runspace.SessionStateProxy.GetVariable("?") is false;
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

    /// <summary>Shows a terminating error as the engine shows others.</summary>
    private void Report(RuntimeException fault)
    {
        var error = PSObject.AsPSObject(fault.ErrorRecord);
        // By this note Out-Default knows an error from an ErrorRecord that is output.
        error.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        using var shell = PowerShell.Create(_shell.Runspace);
        shell.AddCommand("Out-Default").AddParameter("InputObject", error).Invoke();
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

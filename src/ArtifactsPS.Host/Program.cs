using System.Management.Automation.Runspaces;
using System.Reflection;
using ArtifactsPS.Host;
using Microsoft.PowerShell;

const int Failed = 1;

var banner = $"Artifacts {VersionOf(typeof(ModuleLocator))} in PowerShell {VersionOf(typeof(InitialSessionState))}";
if (args is [var option] && option.TrimStart('-').Equals("version", StringComparison.OrdinalIgnoreCase))
{
    Console.Out.WriteLine(banner);
    return 0;
}

if (ModuleLocator.Find(AppContext.BaseDirectory) is not { } module)
{
    Console.Error.WriteLine(
        $"Artifacts.psd1 was found neither in '{AppContext.BaseDirectory}' nor in a folder above it. Install `artifacts` again."
    );
    return Failed;
}

Telemetry.OptOut();
StartupProfile.OptOut();
var state = InitialSessionState.CreateDefault2();
state.ImportPSModule([module]);
var exitCode = ConsoleShell.Start(state, banner, Help.Text, args);

// Ends the process also when threads of the engine still wait, as they do after a failed import of the module.
Environment.Exit(exitCode);
return exitCode;

// Without the commit that the SDKs append after a plus sign or a space.
static string VersionOf(Type type) =>
    type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', ' ')[0];

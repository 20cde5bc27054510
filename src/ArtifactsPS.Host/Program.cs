using System.Reflection;
using ArtifactsPS.Host;

const int UsageError = 64; // EX_USAGE of sysexits.h

try
{
    var arguments = HostArguments.Parse(args);
    switch (arguments.Action)
    {
        case HostAction.ShowVersion:
            Console.Out.WriteLine(Version());
            return 0;
        case HostAction.ShowHelp:
            Console.Out.WriteLine(HostArguments.Usage);
            return 0;
        default:
            return ScriptRunner.Run(arguments);
    }
}
catch (UsageException fault)
{
    Console.Error.WriteLine(fault.Message);
    Console.Error.WriteLine();
    Console.Error.WriteLine(HostArguments.Usage);
    return UsageError;
}

// Without the "+commit" that the SDK appends.
static string Version() =>
    Assembly
        .GetExecutingAssembly()
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+')[0];

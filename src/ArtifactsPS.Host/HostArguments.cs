namespace ArtifactsPS.Host;

/// <summary>Action of a command line.</summary>
internal enum HostAction
{
    RunScript,
    RunCommand,
    ShowVersion,
    ShowHelp,
}

/// <summary>The parsed command line: <c>artifacts [-NoModule] (SCRIPT [args] | -Command line)</c>.</summary>
internal sealed record HostArguments(HostAction Action, string Text, IReadOnlyList<string> Rest, bool ImportModule)
{
    public const string Usage = """
        Runs PowerShell with the Artifacts module imported.

        Usage:
          artifacts SCRIPT.ps1 [arguments]    runs a script; -Name value and -Name:value bind its parameters
          artifacts -c LINE                   runs a line of PowerShell (also -Command)
          artifacts --version | --help

        Options, before the script or -c:
          -NoModule    doesn't import the Artifacts module

        Exit code: the argument of the script's `exit`, 1 if it fails, 64 if this command line is invalid,
        130 if it is stopped with Ctrl+C, else 0.
        """;

    /// <exception cref="UsageException">The command line is invalid.</exception>
    public static HostArguments Parse(IReadOnlyList<string> arguments)
    {
        var importModule = true;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            IReadOnlyList<string> rest = [.. arguments.Skip(i + 1)];
            switch (argument.ToLowerInvariant())
            {
                case "-nomodule":
                    importModule = false;
                    continue;
                case "-c" or "-command":
                    if (rest.Count == 0)
                    {
                        throw new UsageException($"{argument} needs a line of PowerShell to run.");
                    }

                    return new(HostAction.RunCommand, string.Join(' ', rest), [], importModule);
                case "-f" or "-file":
                    if (rest.Count == 0)
                    {
                        throw new UsageException($"{argument} needs the path of a script.");
                    }

                    return new(HostAction.RunScript, rest[0], [.. rest.Skip(1)], importModule);
                case "--version":
                    return new(HostAction.ShowVersion, "", [], importModule);
                case "--help" or "-h" or "-help" or "-?" or "/?":
                    return new(HostAction.ShowHelp, "", [], importModule);
                case ['-', ..]:
                    throw new UsageException($"Unknown option '{argument}'.");
                default:
                    return new(HostAction.RunScript, argument, rest, importModule);
            }
        }

        throw new UsageException("Nothing to run.");
    }
}

/// <summary>The command line is invalid.</summary>
internal sealed class UsageException(string message) : Exception(message);

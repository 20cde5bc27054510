using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>System calls of a process, traced or made to fail by strace(1).</summary>
internal static partial class Strace
{
    /// <summary>Skips the test if strace is missing or not permitted.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is a program of Linux.");
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("strace", ["-f", "-qq", "-o", "/dev/null", "true"])
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"strace may not trace here: {error}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"strace is not installed: {e.Message}");
        }
    }

    /// <summary>Kills a process at a call.</summary>
    /// <param name="number">Number of the call in each thread, from 1.</param>
    public static string[] Killing(string call, int number) => Injecting(call, "signal=KILL", number);

    /// <summary>Makes a call fail.</summary>
    /// <param name="error">Error, for example <c>EIO</c>.</param>
    /// <param name="number">Number of the call in each thread, from 1.</param>
    public static string[] Failing(string call, string error, int number) => Injecting(call, $"error={error}", number);

    private static string[] Injecting(string call, string fault, int number) =>
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:{fault}:when={number}"];

    /// <summary>Traces calls to a file, with the paths of open files.</summary>
    public static string[] Writing(string file, params string[] calls) =>
        ["strace", "-f", "-qq", "-y", "-s", "4096", "-o", file, "-e", $"trace={string.Join(',', calls)}"];

    /// <summary>Reads a trace, in the order in which calls began.</summary>
    public static List<Call> Read(string file)
    {
        var calls = new List<Call>();
        var pending = new Dictionary<string, Call>(StringComparer.Ordinal);
        var line = 0;
        foreach (var text in File.ReadLines(file))
        {
            line++;
            if (Begun().Match(text) is { Success: true } begun)
            {
                var call = new Call(begun.Groups["name"].Value, begun.Groups["arguments"].Value, line) { Ended = line };
                calls.Add(call);
                pending[begun.Groups["pid"].Value] = call;
            }
            else if (Resumed().Match(text) is { Success: true } resumed)
                pending[resumed.Groups["pid"].Value].Ended = line;
        }
        return calls;
    }

    [GeneratedRegex(@"^(?<pid>\d+)\s+(?<name>\w+)\((?<arguments>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Begun();

    [GeneratedRegex(@"^(?<pid>\d+)\s+<\.\.\. \w+ resumed>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Resumed();

    /// <param name="Arguments">Arguments as strace prints them.</param>
    /// <param name="Began">Line of the trace in which the call began.</param>
    internal sealed record Call(string Name, string Arguments, int Began)
    {
        /// <summary>Line of the trace in which the call ended.</summary>
        public int Ended { get; set; }

        /// <summary>Paths in the arguments: quoted ones, and those of open files.</summary>
        public string[] Paths => [.. Path().Matches(Arguments).Select(match => match.Groups["path"].Value)];
    }

    [GeneratedRegex("[\"<](?<path>/[^\">]*)[\">]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Path();
}

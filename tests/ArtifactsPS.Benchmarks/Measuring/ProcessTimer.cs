using System.Diagnostics;
using System.Globalization;

namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>Runs processes one at a time and measures them.</summary>
internal static class ProcessTimer
{
    /// <summary>Runs a process to its end.</summary>
    /// <exception cref="ProcessFailedException">The process can't be started, or its exit code isn't 0.</exception>
    public static Measurement Run(Command command)
    {
        var processorBefore = LinuxProcess.ProcessorTimeOfChildren();
        var clock = Stopwatch.StartNew();
        using var process = Start(command);
        var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var errors = process.StandardError.ReadToEndAsync();
        using var memory = new MemoryWatch(process.Id);
        process.WaitForExit();
        var time = clock.Elapsed;
        output.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
            throw new ProcessFailedException(command, process.ExitCode, errors.GetAwaiter().GetResult());
        return new Measurement(
            time,
            LinuxProcess.ProcessorTimeOfChildren() - processorBefore,
            memory.Finish(),
            OwnTimeOf(command)
        );
    }

    /// <summary>Runs a process to its end and returns its standard output.</summary>
    /// <exception cref="ProcessFailedException">The process can't be started, or its exit code isn't 0.</exception>
    public static string Read(Command command)
    {
        using var process = Start(command);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new ProcessFailedException(command, process.ExitCode, errors.GetAwaiter().GetResult());
    }

    private static Process Start(Command command)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.Folder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Environment)
            info.Environment[name] = value;
        try
        {
            var process = Process.Start(info)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ProcessFailedException(command, -1, e.Message);
        }
    }

    private static TimeSpan? OwnTimeOf(Command command)
    {
        if (command.OwnTimeFile is not { } file)
            return null;
        var milliseconds = double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        File.Delete(file);
        return TimeSpan.FromMilliseconds(milliseconds);
    }
}

/// <summary>A process couldn't be started, or its exit code wasn't 0.</summary>
internal sealed class ProcessFailedException(Command command, int exitCode, string errors)
    : Exception($"`{command}` ended with exit code {exitCode}: {errors.Trim()}");

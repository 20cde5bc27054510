using System.Diagnostics;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A writer in a process of its own. It waits for a signal, so that many can start at the same moment.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WriterProcess(Process process) =>
        (_process, _errors) = (process, process.StandardError.ReadToEndAsync(Token));

    /// <summary>Starts a writer.</summary>
    /// <param name="folder">Location of the store.</param>
    /// <param name="name">Name of the artifact.</param>
    /// <param name="arguments">More arguments, each <c>name=value</c>.</param>
    public static WriterProcess Start(string command, string folder, string name, params string[] arguments) =>
        Start(command, folder, name, heapLimit: null, arguments);

    /// <inheritdoc cref="Start(string, string, string, string[])"/>
    /// <param name="heapLimit">Limit of managed memory in bytes; null for none.</param>
    public static WriterProcess Start(
        string command,
        string folder,
        string name,
        long? heapLimit,
        params string[] arguments
    ) => Start([Program, command, folder, name, .. arguments], heapLimit);

    /// <summary>Starts a writer under another program, as its last arguments.</summary>
    public static WriterProcess StartUnder(
        string[] launcher,
        string command,
        string folder,
        string name,
        params string[] arguments
    ) => Start([.. launcher, Program, command, folder, name, .. arguments], heapLimit: null);

    private static string Program =>
        Path.Combine(AppContext.BaseDirectory, "ArtifactsPS.Core.Tests.Writer")
        + (OperatingSystem.IsWindows() ? ".exe" : "");

    private static WriterProcess Start(string[] command, long? heapLimit)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (heapLimit is { } limit)
            start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{limit:X}";
        return new WriterProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the writer is ready.</summary>
    public async Task ReadyAsync() => Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(Token));

    /// <summary>Signals the writer to start.</summary>
    public void Release() => _process.StandardInput.Close();

    /// <summary>Signals the writer to start, waits until it pauses, and sends Ctrl+C. The process then continues.</summary>
    public async Task InterruptAsync()
    {
        await PauseAsync();
        await SignalAsync("INT");
        Assert.Equal("stopping", await _process.StandardOutput.ReadLineAsync(Token));
        _process.StandardInput.Close();
    }

    /// <summary>Signals the writer to start, waits until it pauses, and suspends the process.</summary>
    public async Task SuspendAsync()
    {
        await PauseAsync();
        await SignalAsync("STOP");
    }

    private async Task PauseAsync()
    {
        await ReadyAsync();
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync(Token);
        Assert.Equal("paused", await _process.StandardOutput.ReadLineAsync(Token));
    }

    /// <summary>Continues a suspended process.</summary>
    public async Task ContinueAsync()
    {
        await SignalAsync("CONT");
        _process.StandardInput.Close();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(Token);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until the writer has ended.</summary>
    public async Task<Ending> EndAsync()
    {
        var lines = (await _process.StandardOutput.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.TrimEntries);
        await _process.WaitForExitAsync(Token);
        var peak = lines.FirstOrDefault(line => line.StartsWith("peak ", StringComparison.Ordinal))?.Split(' ')[1];
        return new Ending(
            _process.ExitCode,
            lines[0],
            peak is null ? 0 : int.Parse(peak, System.Globalization.CultureInfo.InvariantCulture),
            await _errors
        );
    }

    /// <summary>Runs a writer to its end.</summary>
    public static async Task<Ending> RunAsync(string command, string folder, string name, params string[] arguments)
    {
        using var process = Start(command, folder, name, arguments);
        return await process.RunAsync();
    }

    /// <summary>Signals the writer to start, and waits until it has ended.</summary>
    public async Task<Ending> RunAsync()
    {
        await ReadyAsync();
        Release();
        return await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <param name="ExitCode">0 on success, 3 after an error of the module, 4 after Ctrl+C.</param>
    /// <param name="Result">Result, or type of the error.</param>
    /// <param name="PeakMebibytes">Peak memory in MiB; 0 if the writer was killed.</param>
    /// <param name="Errors">Standard error.</param>
    internal sealed record Ending(int ExitCode, string Result, int PeakMebibytes, string Errors)
    {
        /// <summary>Whether the process was killed.</summary>
        public bool WasKilled => ExitCode == (OperatingSystem.IsWindows() ? -1 : 128 + 9);

        public Ending ShouldSucceed()
        {
            Assert.True(ExitCode == 0, $"{ExitCode} {Result} {Errors}");
            return this;
        }
    }
}

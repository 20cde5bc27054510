using System.Diagnostics;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A writer that is a process of its own. It waits to be let go, so that many can begin at the same moment.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WriterProcess(Process process) =>
        (_process, _errors) = (process, process.StandardError.ReadToEndAsync(Token));

    /// <summary>Starts one.</summary>
    /// <param name="command">What it is to do.</param>
    /// <param name="folder">The store's.</param>
    /// <param name="name">The artifact.</param>
    /// <param name="arguments">The rest, each <c>name=value</c>.</param>
    public static WriterProcess Start(string command, string folder, string name, params string[] arguments) =>
        Start(command, folder, name, heapLimit: null, arguments);

    /// <inheritdoc cref="Start(string, string, string, string[])"/>
    /// <param name="command">What it is to do.</param>
    /// <param name="folder">The store's.</param>
    /// <param name="name">The artifact.</param>
    /// <param name="heapLimit">How many bytes of managed memory it may have; null for any.</param>
    /// <param name="arguments">The rest, each <c>name=value</c>.</param>
    public static WriterProcess Start(
        string command,
        string folder,
        string name,
        long? heapLimit,
        params string[] arguments
    ) => Start([Program, command, folder, name, .. arguments], heapLimit);

    /// <summary>Starts one under another program, which is given it as its last arguments.</summary>
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

    /// <summary>Waits until it has begun.</summary>
    public async Task ReadyAsync() => Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(Token));

    /// <summary>Lets it go on.</summary>
    public void LetGo() => _process.StandardInput.Close();

    /// <summary>Waits until it has ended.</summary>
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

    /// <summary>Starts one, lets it go, and waits until it has ended.</summary>
    public static async Task<Ending> RunAsync(string command, string folder, string name, params string[] arguments)
    {
        using var process = Start(command, folder, name, arguments);
        return await process.RunAsync();
    }

    /// <summary>Lets it go, and waits until it has ended.</summary>
    public async Task<Ending> RunAsync()
    {
        await ReadyAsync();
        LetGo();
        return await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <param name="ExitCode">0 when it did what it was to do, 3 when that was an error that is the user's.</param>
    /// <param name="Result">What came of it, or the error's kind.</param>
    /// <param name="PeakMebibytes">How much memory it had at the most, if it lived to tell.</param>
    /// <param name="Errors">What it wrote to standard error.</param>
    internal sealed record Ending(int ExitCode, string Result, int PeakMebibytes, string Errors)
    {
        /// <summary>What a process that is killed ends with.</summary>
        public bool WasKilled => ExitCode == (OperatingSystem.IsWindows() ? -1 : 128 + 9);

        public Ending ShouldSucceed()
        {
            Assert.True(ExitCode == 0, $"{ExitCode} {Result} {Errors}");
            return this;
        }
    }
}

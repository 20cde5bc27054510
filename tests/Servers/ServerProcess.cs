using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Server process that ends with the tests.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Starts a server.</summary>
    /// <param name="program">Name or path of the program.</param>
    /// <param name="environment">Environment variables to add.</param>
    public static ServerProcess Start(
        string program,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) => new(InfoOf(program, environment, arguments));

    /// <summary>Runs a program to its end, and throws if it fails.</summary>
    /// <returns>Standard output.</returns>
    public static async Task<string> RunAsync(
        string program,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        using var process = Process.Start(InfoOf(program, environment, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} didn't end.", e);
        }
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}"
            );
    }

    /// <summary>Waits until a condition holds.</summary>
    public async Task WaitForAsync(Func<Task<bool>> isReady)
    {
        var watch = Stopwatch.StartNew();
        while (!await isReady())
        {
            if (_process.HasExited || watch.Elapsed > Patience)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} doesn't start: {Output()}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the server accepts connections.</summary>
    public Task WaitForPortAsync(int port) =>
        WaitForAsync(async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });

    /// <summary>Starts a server; on another port, if another process has taken the port first.</summary>
    /// <param name="start">Chooses a port and starts the server. After a failure nothing of it runs.</param>
    public static async Task<T> StartOnFreePortAsync<T>(Func<Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await start();
            }
            catch (Exception e) when (attempt < Attempts && e is InvalidOperationException or HttpRequestException)
            {
                // The server ended, or another one answered.
            }
    }

    /// <summary>Finds an unused port of this machine.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether a program is on the path.</summary>
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Sends a signal, such as <c>STOP</c> and <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the process has ended.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Patience);
        }
        catch (InvalidOperationException)
        {
            // It has ended, or was disposed before.
        }
        _process.Dispose();
    }

    private static ProcessStartInfo InfoOf(
        string program,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private void Append(string? line)
    {
        lock (_output)
            if (line is not null && _output.Length < 100_000)
                _output.AppendLine(line);
    }

    private string Output()
    {
        lock (_output)
            return _output.ToString();
    }
}

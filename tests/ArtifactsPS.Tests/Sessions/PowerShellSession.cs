using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>
/// A runspace of the real engine with the staged module imported, a default store and its own current folder.
/// <see cref="Errors"/>, <see cref="Warnings"/>, <see cref="Verbose"/> and <see cref="Progress"/> hold the streams of the
/// last script.
/// </summary>
public sealed class PowerShellSession : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TempFolder _temp = new();
    private readonly Runspace _runspace;

    public PowerShellSession()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_temp.Path, "files")).FullName;
        Store = Path.Combine(_temp.Path, "store [1]");
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule([Suite.ModuleManifest]);
        _runspace = RunspaceFactory.CreateRunspace(Host, state);
        _runspace.Open();
        _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(Folder));
        Run("New-ArtifactStore $args[0]; $PSDefaultParameterValues['*:Store'] = $args[0]", Store);
    }

    public RecordingHost Host { get; } = new();

    /// <summary>Full path of the current folder.</summary>
    public string Folder { get; }

    /// <summary>Full path of the default store. It contains brackets and a space.</summary>
    public string Store { get; }

    public IReadOnlyList<ErrorRecord> Errors { get; private set; } = [];

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public IReadOnlyList<string> Verbose { get; private set; } = [];

    public IReadOnlyList<ProgressRecord> Progress { get; private set; } = [];

    /// <summary>Warnings and verbose, debug and information messages.</summary>
    private List<string> Messages { get; set; } = [];

    /// <summary>Runs a script that must not report errors.</summary>
    /// <param name="script">Receives the arguments as <c>$args</c>. Its variables stay defined in the session.</param>
    /// <param name="arguments">Passed without conversion.</param>
    public IReadOnlyList<PSObject> Run(string script, params object?[] arguments)
    {
        var output = Try(script, arguments);
        Assert.True(Errors.Count == 0, $"'{script}' failed: {string.Join(Environment.NewLine, Errors)}");
        return output;
    }

    /// <summary>Runs a script that must output one object and no error.</summary>
    public PSObject One(string script, params object?[] arguments) => Assert.Single(Run(script, arguments));

    /// <summary>Runs a script that must not report errors, and converts its output to texts.</summary>
    public string[] Texts(string script, params object?[] arguments) =>
        [.. Run(script, arguments).Select(LanguagePrimitives.ConvertTo<string>)];

    /// <summary>Runs a script that must report exactly one error, terminating or not.</summary>
    public ErrorRecord Fail(string script, params object?[] arguments)
    {
        Try(script, arguments);
        return Assert.Single(Errors);
    }

    /// <summary>Runs a script that may report errors.</summary>
    public IReadOnlyList<PSObject> Try(string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        var output = new PSDataCollection<PSObject>();
        RuntimeException? fatal = null;
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException e)
        {
            fatal = e;
        }
        RecordStreams(shell.Streams, fatal);
        return [.. output];
    }

    /// <summary>Runs a script that may report errors, with verbose, debug and information messages.</summary>
    /// <returns>The text of all streams, including the properties of output and errors.</returns>
    public string RunWithAllStreams(string script, params object?[] arguments)
    {
        var output = Try(
            "$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'\n" + script,
            arguments
        );
        var text = new StringBuilder();
        foreach (var item in output)
        foreach (var property in item.Properties)
            text.AppendLine(CultureInfo.InvariantCulture, $"{property.Name} {property.Value}");
        foreach (var error in Errors)
            text.AppendLine(CultureInfo.InvariantCulture, $"{error} {error.Exception} {error.TargetObject}");
        Messages.ForEach(line => text.AppendLine(line));
        return text.ToString();
    }

    /// <summary>Starts a script, waits until it reports progress, and stops it.</summary>
    /// <returns>How long it took to stop.</returns>
    public TimeSpan Interrupt(string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        using var working = new ManualResetEventSlim();
        shell.Streams.Progress.DataAdded += (_, _) => working.Set();
        return Interrupt(shell, working.WaitHandle, script);
    }

    /// <summary>Starts a script, waits for a condition, and stops it.</summary>
    /// <returns>How long it took to stop.</returns>
    public TimeSpan InterruptWhen(WaitHandle condition, string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        return Interrupt(shell, condition, script);
    }

    private TimeSpan Interrupt(PowerShell shell, WaitHandle working, string script)
    {
        var running = shell.BeginInvoke();
        var handles = new[] { working, running.AsyncWaitHandle };
        Assert.True(WaitHandle.WaitAny(handles, Timeout) == 0, $"'{script}' ended or hung before it started its work.");
        var watch = Stopwatch.StartNew();
        shell.Stop();
        watch.Stop();
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        RecordStreams(shell.Streams, null);
        return watch.Elapsed;
    }

    /// <summary>Returns a script's output as displayed to an interactive user.</summary>
    public string Show(string script, params object?[] arguments)
    {
        Run("$args | Out-Host", Run(script, arguments).ToArray<object>());
        return Host.TakeOutput();
    }

    /// <summary>Creates a file in the current folder.</summary>
    /// <returns>Its full path.</returns>
    public string File(string path, string text = "text")
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return full;
    }

    /// <summary>Publishes a version of type <c>dataset</c>. The text of each file is its path.</summary>
    public PSObject Publish(string name, params string[] paths) =>
        PublishTexts(name, [.. paths.Select(path => (path, path))]);

    /// <summary>Publishes a version of type <c>dataset</c> from paths and texts.</summary>
    public PSObject PublishTexts(string name, params (string Path, string Text)[] files)
    {
        using var source = new TempFolder();
        foreach (var (path, text) in files)
            File(Path.Combine(source.Path, path), text);
        return One(
            "New-Artifact $args[0] dataset | Add-ArtifactDirectory -LiteralPath $args[1] | Publish-Artifact",
            name,
            source.Path
        );
    }

    /// <summary>Returns the keys of all files in the store, in ordinal order. They differ after any write to the store.</summary>
    public string[] StoreFiles() =>
        [
            .. Directory
                .EnumerateFiles(Store, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Store, file))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Finds the object in the store that contains the bytes.</summary>
    /// <returns>Its full path.</returns>
    public string ObjectWith(ReadOnlySpan<byte> content)
    {
        foreach (var file in StoreFiles().Where(file => file.StartsWith("objects", StringComparison.Ordinal)))
            if (System.IO.File.ReadAllBytes(Path.Combine(Store, file)).AsSpan().IndexOf(content) >= 0)
                return Path.Combine(Store, file);
        throw new InvalidOperationException("No object contains the content.");
    }

    /// <summary>Flips a bit of the first byte of the content in its object.</summary>
    public void DamageObject(ReadOnlySpan<byte> content)
    {
        var path = ObjectWith(content);
        var bytes = System.IO.File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(content)] ^= 1;
        // The object is read-only.
        System.IO.File.Delete(path);
        System.IO.File.WriteAllBytes(path, bytes);
    }

    /// <summary>Returns a text as PowerShell stores secrets.</summary>
    public static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (var c in text)
            secret.AppendChar(c);
        return secret;
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _temp.Dispose();
    }

    private PowerShell Shell(string script, object?[] arguments)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script, useLocalScope: false);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        return shell;
    }

    private void RecordStreams(PSDataStreams streams, RuntimeException? fatal)
    {
        Errors = fatal is null ? [.. streams.Error] : [.. streams.Error, fatal.ErrorRecord];
        Warnings = [.. streams.Warning.Select(record => record.Message)];
        Verbose = [.. streams.Verbose.Select(record => record.Message)];
        Progress = [.. streams.Progress];
        Messages =
        [
            .. Warnings,
            .. Verbose,
            .. streams.Debug.Select(record => record.Message),
            .. streams.Information.Select(record => $"{record.MessageData}"),
        ];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;

namespace ArtifactsPS.Tests.Sessions;

/// <summary>
/// A runspace of the real engine with the staged module imported. It has a store, which commands use that name none,
/// and is in a folder of its own. What the last script wrote besides output is in <see cref="Errors"/> and its kin.
/// </summary>
public sealed class PowerShellSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    /// <summary>Where the session is, <c>$PWD</c>.</summary>
    public string Folder { get; }

    /// <summary>The path of the store, which has brackets and a space.</summary>
    public string Store { get; }

    public IReadOnlyList<ErrorRecord> Errors { get; private set; } = [];

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public IReadOnlyList<string> Verbose { get; private set; } = [];

    public IReadOnlyList<ProgressRecord> Progress { get; private set; } = [];

    /// <summary>Warnings and what is written for those who look closer.</summary>
    private List<string> Said { get; set; } = [];

    /// <summary>Runs a script that must not fail in any way.</summary>
    /// <param name="script">Sees the arguments as <c>$args</c>; its variables stay.</param>
    /// <param name="arguments">Anything.</param>
    public IReadOnlyList<PSObject> Run(string script, params object?[] arguments)
    {
        var output = Try(script, arguments);
        Assert.True(Errors.Count == 0, $"'{script}' failed: {string.Join(Environment.NewLine, Errors)}");
        return output;
    }

    /// <summary>Runs a script that must write one object and not fail.</summary>
    public PSObject One(string script, params object?[] arguments) => Assert.Single(Run(script, arguments));

    /// <summary>Runs a script that must not fail, and turns what it writes into texts.</summary>
    public string[] Texts(string script, params object?[] arguments) =>
        [.. Run(script, arguments).Select(LanguagePrimitives.ConvertTo<string>)];

    /// <summary>Runs a script that must end in exactly one error, terminating or not.</summary>
    public ErrorRecord Fail(string script, params object?[] arguments)
    {
        Try(script, arguments);
        return Assert.Single(Errors);
    }

    /// <summary>Runs a script that may fail.</summary>
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
        KeepStreams(shell.Streams, fatal);
        return [.. output];
    }

    /// <summary>Runs a script that may fail, and that tells all it can.</summary>
    /// <returns>What came out of all streams, properties included.</returns>
    public string RunAloud(string script, params object?[] arguments)
    {
        var output = Try(
            "$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'\n" + script,
            arguments
        );
        var said = new StringBuilder();
        foreach (var item in output)
        foreach (var property in item.Properties)
            said.AppendLine(CultureInfo.InvariantCulture, $"{property.Name} {property.Value}");
        foreach (var error in Errors)
            said.AppendLine(CultureInfo.InvariantCulture, $"{error} {error.Exception} {error.TargetObject}");
        Said.ForEach(line => said.AppendLine(line));
        return said.ToString();
    }

    /// <summary>Begins a script, waits until it shows progress, and stops it.</summary>
    /// <returns>How long it took to stop.</returns>
    public TimeSpan Interrupt(string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        using var working = new ManualResetEventSlim();
        shell.Streams.Progress.DataAdded += (_, _) => working.Set();
        return Interrupt(shell, working.WaitHandle, script);
    }

    /// <summary>Begins a script, waits until something happens, and stops it.</summary>
    /// <returns>How long it took to stop.</returns>
    public TimeSpan InterruptWhen(WaitHandle happens, string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        return Interrupt(shell, happens, script);
    }

    private TimeSpan Interrupt(PowerShell shell, WaitHandle working, string script)
    {
        var running = shell.BeginInvoke();
        var handles = new[] { working, running.AsyncWaitHandle };
        Assert.True(WaitHandle.WaitAny(handles, Patience) == 0, $"'{script}' ended or hung before it was at work.");
        var watch = Stopwatch.StartNew();
        shell.Stop();
        watch.Stop();
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        KeepStreams(shell.Streams, null);
        return watch.Elapsed;
    }

    /// <summary>What an interactive user is shown of a script's output.</summary>
    public string Show(string script, params object?[] arguments)
    {
        Run("$args | Out-Host", Run(script, arguments).ToArray<object>());
        return Host.TakeShown();
    }

    /// <summary>Makes a file in the session's folder.</summary>
    /// <returns>Its full path.</returns>
    public string File(string path, string text = "text")
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return full;
    }

    /// <summary>Publishes files with these paths, each holding its own path, as a version of type <c>dataset</c>.</summary>
    public PSObject Publish(string name, params string[] paths) =>
        PublishTexts(name, [.. paths.Select(path => (path, path))]);

    /// <summary>Publishes files with these paths and texts as a version of type <c>dataset</c>.</summary>
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

    /// <summary>The names of all keys of the store: what differs before and after was written in between.</summary>
    public string[] StoreFiles() =>
        [
            .. Directory
                .EnumerateFiles(Store, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Store, file))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Finds the object in the store that holds some bytes.</summary>
    /// <returns>Its full path.</returns>
    public string ObjectWith(ReadOnlySpan<byte> content)
    {
        foreach (var file in StoreFiles().Where(file => file.StartsWith("objects", StringComparison.Ordinal)))
            if (System.IO.File.ReadAllBytes(Path.Combine(Store, file)).AsSpan().IndexOf(content) >= 0)
                return Path.Combine(Store, file);
        throw new InvalidOperationException("No object holds the content.");
    }

    /// <summary>Flips a bit of content where it lies in the store.</summary>
    public void DamageObject(ReadOnlySpan<byte> content)
    {
        var path = ObjectWith(content);
        var bytes = System.IO.File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(content)] ^= 1;
        // It is read-only.
        System.IO.File.Delete(path);
        System.IO.File.WriteAllBytes(path, bytes);
    }

    /// <summary>A text as PowerShell keeps secrets.</summary>
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

    private void KeepStreams(PSDataStreams streams, RuntimeException? fatal)
    {
        Errors = fatal is null ? [.. streams.Error] : [.. streams.Error, fatal.ErrorRecord];
        Warnings = [.. streams.Warning.Select(record => record.Message)];
        Verbose = [.. streams.Verbose.Select(record => record.Message)];
        Progress = [.. streams.Progress];
        Said =
        [
            .. Warnings,
            .. Verbose,
            .. streams.Debug.Select(record => record.Message),
            .. streams.Information.Select(record => $"{record.MessageData}"),
        ];
    }
}

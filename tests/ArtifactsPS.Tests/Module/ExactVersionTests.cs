using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.Loader;
using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>The main commands run where assemblies are bound as in Windows PowerShell: only exact versions, and otherwise what
/// the module's resolver finds.</summary>
public sealed class ExactVersionTests
{
    private const string ChildVariable = "ARTIFACTS_TEST_EXACT_VERSIONS";

    private const string Script = """
        $store = (New-ArtifactStore "$folder/store").Location
        [IO.File]::WriteAllText("$folder/large.bin", 'large' * 2000000)
        $rows = 1..3 | ForEach-Object { [pscustomobject]@{ Id = $_; Name = "row $_" } }
        $version = New-Artifact mnist dataset -Store $store |
            Add-ArtifactFile "$folder/large.bin" |
            Publish-Artifact
        $draft = New-ArtifactDraft $version
        $rows | Add-ArtifactObject -Artifact $draft -Name rows.csv
        $rows | Add-ArtifactObject -Artifact $draft -Name rows.json
        $second = $draft | Publish-Artifact -Alias prod
        $second.Reference
        (Get-ArtifactContent $second rows.csv -As Object)[2].Name
        (Compare-Artifact $version $second | ForEach-Object EntryPath) -join ' '
        $null = Save-Artifact $second "$folder/out"
        Test-Artifact $second "$folder/out" -Quiet
        $null = New-Artifact joint dataset -Store $store | Add-ArtifactFile "$folder/large.bin" | Set-DistributedArtifact -DistributedId job
        (Complete-DistributedArtifact joint -DistributedId job -Store $store -Type dataset).Reference
        Test-ArtifactStore $store -Full -Quiet
        $null = Optimize-ArtifactStore $store -GracePeriod 0 -Confirm:$false
        """;

    // PowerShell caches code by the names of types, so the commands run in a process without another copy of the module.
    [Fact]
    public async Task Main_commands_run_with_exact_versions()
    {
        Assert.SkipUnless(Suite.Flavour == "netstandard2.0", "Later runtimes accept later versions.");
        if (Environment.GetEnvironmentVariable(ChildVariable) is not null)
        {
            RunMainCommands();
            return;
        }
        var test = $"{typeof(ExactVersionTests).FullName}.{nameof(Main_commands_run_with_exact_versions)}";
        var start = new ProcessStartInfo(
            DotNet.Executable,
            [typeof(ExactVersionTests).Assembly.Location, "-method", test, "-noColor"]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[ChildVariable] = "1";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
    }

    private static void RunMainCommands()
    {
        using var temp = new TempFolder();
        var context = new ExactContext(AssemblyFile.ModuleFolder);
        var cmdlets = context.LoadFromAssemblyPath(Path.Combine(AssemblyFile.ModuleFolder, "ArtifactsPS.dll"));
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Assembly", cmdlets).Invoke();
        shell.Commands.Clear();
        shell.AddScript("param($folder) $ErrorActionPreference = 'Stop'\n" + Script).AddArgument(temp.Path);

        var output = shell.Invoke().Select(item => Convert.ToString(item.BaseObject, CultureInfo.InvariantCulture));

        Assert.Empty(shell.Streams.Error);
        Assert.Equal(["mnist:v1", "row 3", "rows.csv rows.json", "True", "joint:v0", "True"], output);
        Assert.Contains("System.Memory", context.Loaded);
        Assert.Contains("Microsoft.Bcl.AsyncInterfaces", context.Loaded);
    }

    private sealed class ExactContext(string folder) : AssemblyLoadContext("Exact versions")
    {
        private readonly Dictionary<string, AssemblyFile> _files = AssemblyFile
            .ReadAll(folder)
            .ToDictionary(file => file.Name);

        public HashSet<string> Loaded { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var (name, version) = (assemblyName.Name!, assemblyName.Version!);
            if (AssemblyFile.IsOfFramework(name, version))
                return null;
            if (!_files.TryGetValue(name, out var file))
                throw new FileNotFoundException($"{name} {version} is neither in the module nor in the framework.");
            Loaded.Add(name);
            return LoadFromAssemblyPath(
                file.Version == version ? file.Path
                : Find(assemblyName) is { } found ? found
                : throw new FileLoadException($"The module has {name} {file.Version}, not {version}.")
            );
        }

        private string? Find(AssemblyName name)
        {
            var cmdlets = Assemblies.Single(assembly => assembly.GetName().Name == "ArtifactsPS");
            return (string?)
                cmdlets
                    .GetType("ArtifactsPS.Binding.ModuleAssemblies", throwOnError: true)!
                    .GetMethod("Find", BindingFlags.NonPublic | BindingFlags.Static)!
                    .Invoke(null, [cmdlets, name.FullName]);
        }
    }
}

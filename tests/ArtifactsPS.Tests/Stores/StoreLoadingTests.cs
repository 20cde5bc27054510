using System.Reflection;
using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>What the stores bring is loaded when it is needed, and never in anyone's way. Each in a process of its own.</summary>
[Collection(SerialCollection.Name)]
public sealed class StoreLoadingTests
{
    private const string Loaded = """
        foreach ($assembly in [AppDomain]::CurrentDomain.GetAssemblies()) {
            $name = $assembly.GetName()
            if ($name.Name -like 'AWSSDK*' -or $name.Name -like 'Azure*' -or $name.Name -like 'ArtifactsPS.Stores*') {
                "loaded $($name.Name) $($name.Version.Major)"
            }
        }
        """;

    private static readonly string PackageRoot = typeof(StoreLoadingTests)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "PackageRoot")
        .Value!;

    private static string OldS3 => Path.Combine(PackageRoot, "awssdk.core/3.7.402/lib/netstandard2.0/AWSSDK.Core.dll");

    private static string OldAzure => Path.Combine(PackageRoot, "azure.core/1.38.0/lib/netstandard2.0/Azure.Core.dll");

    [Fact]
    public void Folder_store_loads_no_store_assembly()
    {
        using var temp = new TempFolder();
        var said = Run(
            $"$null = New-ArtifactStore '{temp.Path}/store' | Register-ArtifactStore x; Get-ArtifactStore; Unregister-ArtifactStore x\n{Loaded}"
        );
        Assert.DoesNotContain("loaded", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3", "loaded AWSSDK.S3 4", "Azure")]
    [InlineData("az", "loaded Azure.Storage.Blobs 12", "AWSSDK")]
    public async Task Remote_store_loads_only_its_assemblies(string scheme, string expected, string unexpected)
    {
        var said = Run($"{await UseAsync(scheme)}\n{Loaded}");
        Assert.Contains("used m:v0", said, StringComparison.Ordinal);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain($"loaded {unexpected}", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_with_other_AWS_SDK_keeps_working(bool first)
    {
        var load = $"$null = [Reflection.Assembly]::LoadFrom('{OldS3}')";
        var use =
            "'old ' + [Amazon.RegionEndpoint]::EUCentral1.SystemName + ' ' + [Amazon.RegionEndpoint].Assembly.GetName().Version.Major";
        var store = await UseAsync("s3");
        var said = Run($"{(first ? load : "")}\n{(first ? use : "")}\n{store}\n{load}\n{use}\n{Loaded}");
        Assert.Contains("used m:v0", said, StringComparison.Ordinal);
        Assert.Contains("old eu-central-1 3", said, StringComparison.Ordinal);
        Assert.Contains("loaded AWSSDK.Core 3", said, StringComparison.Ordinal);
        Assert.Contains("loaded AWSSDK.Core 4", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_with_other_Azure_SDK_keeps_working(bool first)
    {
        var load = $"$null = [Reflection.Assembly]::LoadFrom('{OldAzure}')";
        var use = "'old ' + [Azure.ETag]::new('x') + ' ' + [Azure.ETag].Assembly.GetName().Version.Minor";
        var store = await UseAsync("az");
        var said = Run($"{(first ? load : "")}\n{(first ? use : "")}\n{store}\n{load}\n{use}");
        Assert.Contains("used m:v0", said, StringComparison.Ordinal);
        Assert.Contains("old x 38", said, StringComparison.Ordinal);
    }

    private static async Task<string> UseAsync(string scheme) =>
        $$"""
            $null = New-ArtifactStore '{{await TestServers.LocationAsync(
                scheme
            )}}' | Register-ArtifactStore used -Default
            'used ' + (New-Artifact m model | Add-ArtifactObject -InputObject 1 -Name a.json | Publish-Artifact).Reference
            Unregister-ArtifactStore used
            """;

    private static string Run(string script)
    {
        var run = ShellProcess.RunHost("-c", "$ErrorActionPreference = 'Stop'\n" + script);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }
}

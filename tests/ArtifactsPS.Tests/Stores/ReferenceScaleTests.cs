using System.Globalization;
using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>A prefix with 100,000 objects. Run by hand, because creating them takes minutes: <c>-explicit only -showLiveOutput</c>.</summary>
[Collection(SerialCollection.Name)]
public sealed class ReferenceScaleTests(ITestOutputHelper output)
{
    private const int Objects = 100_000;
    private const int ObjectsInFolder = 1000;
    private const int ObjectsInPage = 1000;
    private const int MoreRequests = 12;
    private const int MostMemory = 200;

    private const string Script = """
        function Get-Peak { [int] ([long] ("$((Get-Content /proc/self/status) -match '^VmHWM:')" -replace '\D') / 1024) }
        $before = Get-Peak
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $draft = New-Artifact data dataset | Add-ArtifactReference $env:TEST_PREFIX
        $added, $addPeak = $watch.Elapsed.TotalSeconds, (Get-Peak)
        $version = $draft | Publish-Artifact
        $published = $watch.Elapsed.TotalSeconds - $added
        "$($version.FileCount) $before $addPeak $(Get-Peak) $added $published"
        """;

    [Theory(Explicit = true)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Many_objects_take_few_requests_and_little_memory(bool isVersioned, bool hasFolders)
    {
        var gateway = await TestServers.S3Async();
        var bucket = $"b{Guid.NewGuid():N}";
        await gateway.MakeBucketAsync(bucket);
        if (isVersioned)
            await gateway.EnableVersioningAsync(bucket);
        await Parallel.ForAsync(
            0,
            Objects,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) => await gateway.PutObjectAsync(bucket, KeyOf(i, hasFolders), [1])
        );
        var requests = 0;
        using var proxy = new FaultProxy(
            gateway.Port,
            _ =>
            {
                Interlocked.Increment(ref requests);
                return Fault.None;
            }
        );
        using var folder = new TempFolder();
        var shell = ShellProcess.Run(
            "pwsh",
            [
                "-Command",
                $"Import-Module '{Suite.ModuleManifest}'; $null = New-ArtifactStore $env:ARTIFACTS_STORE; {Script}",
            ],
            "",
            ("ARTIFACTS_STORE", Path.Combine(folder.Path, "store")),
            ("ARTIFACTS_CACHE", Path.Combine(folder.Path, "cache")),
            ("ARTIFACTS_TFM", Suite.Flavour),
            ("AWS_ENDPOINT_URL", gateway.Endpoint(proxy.Port)),
            ("AWS_REGION", "us-east-1"),
            ("TEST_PREFIX", $"s3://{bucket}/raw/")
        );

        Assert.True(shell.ExitCode == 0 && shell.Lines.Length > 0, shell.Output + shell.Errors);
        var figures = shell
            .Lines[^1]
            .Split(' ')
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))
            .ToList();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{figures[0]} entries, {requests} requests, added in {figures[4]:0.0} s, published in {figures[5]:0.0} s, peak "
                    + $"{figures[1]} MiB before, {figures[2]} MiB after adding, {figures[3]} MiB after publishing"
            )
        );
        Assert.Equal(Objects, figures[0]);
        Assert.InRange(requests, 1, (Objects / ObjectsInPage) + MoreRequests);
        Assert.InRange(figures[2], 1, MostMemory);
    }

    private static string KeyOf(int i, bool hasFolders) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"raw/folder-{i / ObjectsInFolder:D3}{(hasFolders ? '/' : '-')}object-{i:D6}.bin"
        );
}

using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Stores;

/// <summary>What is left in a bucket of an upload that was stopped, and what a clean-up does about it.</summary>
public sealed class InterruptedUploadTests : IDisposable
{
    private const int Size = 12 << 20;
    private const string Publish = "New-Artifact m model -Store $args[0] | Add-ArtifactFile big | Publish-Artifact";

    private readonly PowerShellSession _session = new();

    public InterruptedUploadTests()
    {
        var bytes = new byte[Size];
        new Random(7).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(_session.Folder, "big"), bytes);
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Cleanup_drops_parts_of_interrupted_S3_upload()
    {
        var location = await InterruptAsync("s3", (await TestServers.S3Async()).Port);
        // A recent upload may still be in progress.
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0]", location));
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0] -GracePeriod 0 -WhatIf", location));

        var cleanup = _session.One("Optimize-ArtifactStore $args[0] -GracePeriod 0", location);
        Assert.Equal("StagedFiles", cleanup.Text("Kind"));
        Assert.Equal(1, cleanup.Get<long>("Count"));
        Assert.Equal(Size, cleanup.Get<long>("Bytes"));
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0] -GracePeriod 0", location));
        AssertPublishes(location);
    }

    [Fact]
    public async Task Blocks_of_interrupted_Azure_upload_are_harmless()
    {
        var location = await InterruptAsync("az", (await TestServers.AzureAsync()).Port);
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0] -GracePeriod 0 -WhatIf", location));
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0] -GracePeriod 0", location));
        AssertPublishes(location);
        Assert.Empty(_session.Run("Optimize-ArtifactStore $args[0] -GracePeriod 0", location));
    }

    // Ctrl+C after the last part and before completion. The service receives no request to abort the upload either.
    private async Task<string> InterruptAsync(string scheme, int port)
    {
        var location = await TestServers.LocationAsync(scheme) + "&partSize=5";
        _session.Run("New-ArtifactStore $args[0]", location);
        using var sent = new ManualResetEvent(initialState: false);
        using var proxy = new FaultProxy(
            port,
            request =>
            {
                if (!IsEnd(request))
                    return Fault.None;
                sent.Set();
                return Fault.Held;
            }
        );
        var through = location.Replace($":{port}", $":{proxy.Port}", StringComparison.Ordinal);
        _session.InterruptWhen(sent, Publish, through);
        Assert.Empty(_session.Run("Get-Artifact -Store $args[0]", location));
        return location;
    }

    private void AssertPublishes(string location)
    {
        Assert.Equal("m:v0", _session.One(Publish, location).Text("Reference"));
        Assert.Empty(_session.Run("Test-ArtifactStore $args[0] -Full", location));
    }

    private static bool IsEnd(ProxiedRequest request) =>
        (request.Method is "POST" or "DELETE" && request.Target.Contains("uploadId=", StringComparison.Ordinal))
        || request.Target.Contains("comp=blocklist", StringComparison.Ordinal);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace ArtifactsPS.Tests.Stores;

/// <summary>The commands, on stores in buckets of real servers.</summary>
[Collection(SerialCollection.Name)] // Stores are registered.
public sealed class RemoteStoreTests : IDisposable
{
    private const int MostRequestsOfTour = 6;

    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Theory]
    [MemberData(nameof(StoreFixtures.Remote), MemberType = typeof(StoreFixtures))]
    public async Task Version_is_published_restored_checked_and_cleaned_up(string scheme)
    {
        var location = await MakeAsync(scheme);
        _session.File("in/a.txt", "one");
        _session.File("in/b/c [1].txt", "two");
        _session.Run(
            "New-Artifact model model -Store $args[0] | Add-ArtifactDirectory in | Publish-Artifact",
            location
        );

        var version = _session.One("Get-Artifact model -Store $args[0]", location);
        Assert.Equal(location, version.Text("Store"));
        _session.Run("Save-Artifact model out -Store $args[0]", location);
        Assert.Equal("two", File.ReadAllText(Path.Combine(_session.Folder, "out/b/c [1].txt")));
        Assert.Equal(
            ["a.txt", "b/c [1].txt"],
            _session.Texts("Get-ArtifactEntry model -Store $args[0] | ForEach-Object EntryPath", location)
        );
        Assert.Empty(_session.Run("Test-Artifact model -Path out -Store $args[0]", location));
        // A version object has the location of its store.
        Assert.Equal(
            "one",
            _session.One("Get-Artifact model -Store $args[0] | Get-ArtifactContent -Path a.txt", location).BaseObject
        );

        _session.Run("Get-Artifact model -Store $args[0] | Set-ArtifactAlias -Alias prod", location);
        _session.Run(
            "New-ArtifactDraft model:prod -Store $args[0] | Remove-ArtifactEntry a.txt | Publish-Artifact",
            location
        );
        Assert.Equal(2, _session.Run("Get-Artifact model -AllVersions -Store $args[0]", location).Count);
        Assert.Empty(_session.Run("Test-ArtifactStore $args[0] -Full", location));
        _session.Run("Remove-Artifact model:v0 -Force -Store $args[0] -Confirm:$false", location);
        _session.Run("Optimize-ArtifactStore $args[0] -Confirm:$false", location);
        Assert.Equal(true, _session.One("Test-ArtifactStore $args[0] -Full -Quiet", location).BaseObject);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("az")]
    public async Task Drive_reads_nothing_twice_within_a_second(string scheme)
    {
        var port = scheme == "s3" ? (await TestServers.S3Async()).Port : (await TestServers.AzureAsync()).Port;
        var (requests, time) = await TourAsync(scheme, port);
        // One listing for each second shows that nothing has changed.
        var most = MostRequestsOfTour + (int)time.TotalSeconds;
        Assert.True(requests.Count <= most, string.Join('\n', requests));
        Assert.NotEmpty(requests);
    }

    // The requests of a new session that looks around in a drive.
    private async Task<(IReadOnlyCollection<string> Requests, TimeSpan Time)> TourAsync(string scheme, int port)
    {
        var location = await MakeAsync(scheme);
        _session.File($"{scheme}/a.txt", "one");
        _session.File($"{scheme}/b/c.txt", "two");
        _session.Run(
            $"New-Artifact model model -Store $args[0] | Add-ArtifactDirectory {scheme} | Publish-Artifact",
            location
        );
        var requests = new ConcurrentQueue<string>();
        using var proxy = new FaultProxy(
            port,
            request =>
            {
                requests.Enqueue($"{request.Method} {request.Target}");
                return Fault.None;
            }
        );
        var through = location.Replace(
            $":{port}",
            $":{proxy.Port.ToString(CultureInfo.InvariantCulture)}",
            StringComparison.Ordinal
        );
        var watch = Stopwatch.StartNew();
        // The session has no cmdlets for drives; they do the same.
        var texts = _session.Texts(
            "$state = $ExecutionContext.SessionState; $provider = $state.InvokeProvider; "
                + $"$info = [Management.Automation.PSDriveInfo]::new('{scheme}tour', $state.Provider.GetOne('Artifact'), $args[0], '', $null); "
                + "$null = $state.Drive.New($info, 'Global'); "
                + $"foreach ($path in '/', '/model', '/model/v0', '/model/v0/b') {{ $null = $state.Path.SetLocation('{scheme}tour:' + $path); "
                + "$provider.ChildItem.Get('.', $false).Name }; "
                + "$reader = @($provider.Content.GetReader('c.txt'))[0]; $reader.Read(1); $reader.Dispose(); "
                + $"$null = $state.Path.SetLocation($args[1]); $state.Drive.Remove('{scheme}tour', $true, 'Global')",
            through,
            _session.Folder
        );
        Assert.Equal("two", texts[^1]);
        return (requests, watch.Elapsed);
    }

    [Theory]
    [MemberData(nameof(StoreFixtures.Remote), MemberType = typeof(StoreFixtures))]
    public async Task Versions_are_copied_to_a_bucket_and_back(string scheme)
    {
        var location = await MakeAsync(scheme);
        _session.Publish("data", "a.txt", "b/c.txt");
        var copy = _session.One("Copy-Artifact data $args[0]", location);
        Assert.Equal(_session.One("Get-Artifact data").Text("Digest"), copy.Text("Digest"));
        Assert.Equal(location, copy.Text("Store"));

        var back = Path.Combine(_session.Folder, "back");
        _session.Run("New-ArtifactStore $args[0]", back);
        var returned = _session.One("Copy-Artifact data $args[0] -Store $args[1]", back, location);
        Assert.Equal(copy.Text("Digest"), returned.Text("Digest"));
        Assert.Equal("b/c.txt", _session.One("Get-ArtifactContent data b/c.txt -Store $args[0]", back).BaseObject);
        Assert.Equal(true, _session.One("Copy-Artifact data $args[0]", location).Properties["Deduplicated"].Value);
    }

    [Theory]
    [MemberData(nameof(StoreFixtures.Remote), MemberType = typeof(StoreFixtures))]
    public async Task Store_is_registered_with_its_options(string scheme)
    {
        var location = await MakeAsync(scheme);
        var (place, endpoint) = (location.Split('?')[0], location.Split("endpoint=")[1]);
        var options = scheme == "s3" ? "" : $"; apiVersion = '{Azurite.ApiVersion}'";
        var store = _session.One(
            $"Register-ArtifactStore cloud $args[0] -Option @{{ endpoint = $args[1]; partSize = 6{options} }}",
            place,
            endpoint
        );
        Assert.Equal("cloud", store.Text("Name"));
        Assert.Contains("partSize=6", store.Text("Location"), StringComparison.Ordinal);
        Assert.Null(store.Text("Artifacts"));
        _session.File("a.txt", "one");
        _session.Run("New-Artifact m model -Store cloud | Add-ArtifactFile a.txt | Publish-Artifact");
        Assert.Equal(["m:v0"], _session.Texts("Get-Artifact -Store cloud | ForEach-Object Reference"));
        Assert.Equal(["m:v0"], _session.Texts("Get-Artifact -Store $args[0] | ForEach-Object Reference", location));

        // All keys are listed only if the store is named.
        var listed = _session.One("Get-ArtifactStore | Where-Object Name -eq cloud");
        Assert.Equal(store.Text("Id"), listed.Text("Id"));
        Assert.Null(listed.Text("Artifacts"));
        Assert.Null(listed.Text("Bytes"));
        Assert.All(
            _session.Run("Get-ArtifactStore cl*; Get-ArtifactStore $args[0]", location),
            counted => Assert.Equal(1, counted.Get<int>("Artifacts"))
        );
        _session.Run("Unregister-ArtifactStore cloud");
    }

    [Fact]
    public void Unknown_option_is_an_error_listing_known_ones()
    {
        var error = _session.Fail("New-ArtifactStore s3://bucket -Option @{ regoin = 'eu-1' }");
        Assert.Equal("InvalidStoreLocation", error.Id());
        Assert.Contains(
            "endpoint, region, pathStyle, profile, partSize",
            error.Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("gs://bucket")]
    [InlineData("az://account")]
    [InlineData("s3://bucket/a b")]
    public void Invalid_location_is_an_error(string location)
    {
        var error = _session.Fail("New-ArtifactStore $args[0]", location);
        Assert.Equal("InvalidStoreLocation", error.Id());
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    [Fact]
    public void Folder_with_options_is_an_error()
    {
        Assert.Contains(
            "-Option",
            _session.Fail("New-ArtifactStore x -Option @{ a = 1 }").Exception.Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Path.Combine(_session.Folder, "x")));
    }

    [Fact]
    public void Unreachable_service_fails_within_TimeoutSeconds()
    {
        var location = $"s3://bucket?endpoint=http://127.0.0.1:{ServerProcess.FreePort()}";
        var credential = new PSCredential("user", PowerShellSession.Secure("secret"));
        var error = _session.Fail(
            "New-ArtifactStore $args[0] -Credential $args[1] -TimeoutSeconds 1",
            location,
            credential
        );
        Assert.Equal("StoreUnavailable", error.Id());
        Assert.Contains("can't be reached", error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket?endpoint={0}")]
    [InlineData("az://account/container?endpoint={0}")]
    public void Unresponsive_service_is_cancelled_at_once(string location)
    {
        using var server = new UnresponsiveServer();
        location = string.Format(CultureInfo.InvariantCulture, location, server.Endpoint);
        // Valid for both services: a secret access key, and a key in base 64.
        var credential = new PSCredential("account", PowerShellSession.Secure("c2VjcmV0"));
        var elapsed = _session.InterruptWhen(
            server.Asked,
            "New-ArtifactStore $args[0] -Credential $args[1]",
            location,
            credential
        );
        // The aim is half a second; other processes may use the machine.
        Assert.InRange(elapsed.TotalSeconds, 0, 2);
    }

    private async Task<string> MakeAsync(string scheme)
    {
        var location = await TestServers.LocationAsync(scheme);
        var made = _session.One("New-ArtifactStore $args[0]", location);
        Assert.Equal(location, made.Text("Location"));
        Assert.Equal(0, made.Get<int>("Artifacts"));
        return location;
    }
}

namespace ArtifactsPS.Core.Tests.Storage.Kinds;

/// <summary>Stores that records of other stores name.</summary>
public sealed class StoreRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Registered_id_wins_over_recorded_location()
    {
        var registry = new StoreRegistry(_folder["config"]);
        registry.Add(new RegisteredStore("other", "/other") { Id = "b" }, asDefault: false);
        registry.Add(new RegisteredStore("moved", "s3://new/place") { Id = "a" }, asDefault: false);

        Assert.Equal("s3://new/place", registry.LocationOf(new StorePlace("a", "/old"), _ => false));
        Assert.Equal("/old", registry.LocationOf(new StorePlace("c", "/old"), _ => false));
    }

    [Theory]
    [InlineData("s3://bucket/store")]
    [InlineData(@"\\server\share\store")]
    public void Unknown_service_is_refused(string location)
    {
        var registry = new StoreRegistry(_folder["config"]);
        var place = new StorePlace("a", location);
        var error = Assert.Throws<StoreUnavailableException>(() => registry.LocationOf(place, _ => false));
        Assert.Contains("Register-ArtifactStore", error.Message, StringComparison.Ordinal);

        Assert.Equal(location, registry.LocationOf(place, opened => opened == location));
        registry.Add(new RegisteredStore("known", location), asDefault: false);
        Assert.Equal(location, registry.LocationOf(place, _ => false));
    }
}

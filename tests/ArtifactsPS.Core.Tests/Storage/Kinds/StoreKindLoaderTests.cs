using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Kinds;

/// <summary>Kinds of store that are installed beside Core, each in a folder of its own.</summary>
public sealed class StoreKindLoaderTests
{
    [Fact]
    public void Every_kind_with_a_fixture_is_installed() =>
        Assert.Equal(
            StoreFixtures.All.Select(fixture => fixture.Scheme).Where(scheme => scheme.Length > 0).Order(),
            StoreKindLoader.OfModule.Installed.SelectMany(kind => kind.Schemes).Order()
        );

    [Fact]
    public async Task Store_of_a_further_kind_opens_by_location()
    {
        var location = await new MemoryStoreFixture().CreateLocationAsync();
        await VersionStore.CreateAsync(StoreLocation.Open(location), Token);
        var store = await VersionStore.OpenAsync(StoreLocation.Open(location), Token);
        Assert.Equal(location, store.Location);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("model"), TypeName.Parse("model"), []);
        await draft.AddTextAsync("a.txt", "text");
        Assert.Equal("model:v0", (await draft.PublishAsync()).Reference);
    }

    [Fact]
    public void Unknown_scheme_is_an_error_that_lists_installed_kinds()
    {
        var failure = Assert.Throws<InvalidStoreLocationException>(() => StoreLocation.Open("gs://bucket"));
        foreach (var kind in StoreKindLoader.OfModule.Installed)
            Assert.Contains(kind.Help, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory://x?limit=0", "'limit'")]
    [InlineData("memory://x?limit=many", "'limit'")]
    [InlineData("memory://x?size=1", "limit")]
    [InlineData("memory://x/y", "memory://name")]
    public void Invalid_option_is_an_error_that_names_it(string location, string expected)
    {
        var failure = Assert.Throws<InvalidStoreLocationException>(() => StoreLocation.Open(location));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_of_a_kind_is_refused_and_not_repeated()
    {
        var failure = Assert.Throws<InvalidStoreLocationException>(() =>
            StoreAddress.Parse("memory://x?passphrase=hush")
        );
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_kinds_installs_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(new StoreKindLoader(folder["missing"]).Installed);
        Directory.CreateDirectory(folder["stores/other"]);
        Assert.Empty(new StoreKindLoader(folder["stores"]).Installed);
    }

    [Fact]
    public void Damaged_description_is_an_error_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("stores/bad/store.json", "{ \"assembly\": 1 }");
        var failure = Assert.Throws<StoreKindUnreadableException>(() =>
            new StoreKindLoader(folder["stores"]).Installed
        );
        Assert.Contains(Path.GetFileName(path), failure.Message, StringComparison.Ordinal);
    }
}

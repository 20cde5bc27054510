namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Changes to several versions in one transaction.</summary>
public sealed class VersionBatchEditorTests : IAsyncLifetime
{
    private readonly List<PublishedVersion> _versions = [];
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        for (var i = 0; i < 5; i++)
            _versions.Add(await _store.PublishAsync("m", ("file", $"{i}")));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Versions_are_deleted_in_one_transaction_except_failures()
    {
        await VersionEditor.SetAliasesAsync(_versions[1], [AliasName.Parse("prod")], null, Token);
        await VersionEditor.DeleteAsync(_versions[2], true, null, Token);
        var before = _store.LogKeys("m").Count;

        var results = await VersionBatchEditor.DeleteAsync(
            [_versions[0], _versions[1], _versions[2], _versions[3], _versions[0]],
            evenIfInUse: false,
            null,
            Token
        );

        Assert.Equal(before + 1, _store.LogKeys("m").Count);
        Assert.Equal(
            [
                null,
                typeof(AliasInUseException),
                typeof(ArtifactVersionNotFoundException),
                null,
                typeof(ArtifactVersionNotFoundException),
            ],
            results.Select(result => result.Failure?.GetType())
        );
        Assert.Equal([1, 4], await LiveAsync());
    }

    [Fact]
    public async Task Nothing_is_committed_if_all_removals_fail()
    {
        await VersionEditor.SetAliasesAsync(_versions[1], [AliasName.Parse("prod")], null, Token);
        var before = _store.LogKeys("m").Count;

        var results = await VersionBatchEditor.DeleteAsync([_versions[1]], evenIfInUse: false, null, Token);

        Assert.IsType<AliasInUseException>(Assert.Single(results).Failure);
        Assert.Equal(before, _store.LogKeys("m").Count);
        results = await VersionBatchEditor.DeleteAsync([_versions[1]], evenIfInUse: true, null, Token);
        Assert.Equal(["prod"], Assert.Single(results).Value!.Texts());
    }

    [Fact]
    public async Task Last_live_version_gets_the_alias()
    {
        await VersionEditor.DeleteAsync(_versions[2], true, null, Token);
        var before = _store.LogKeys("m").Count;

        var results = await VersionBatchEditor.SetAliasesAsync(
            [_versions[0], _versions[1], _versions[2]],
            [AliasName.Parse("prod")],
            null,
            Token
        );

        Assert.Equal(before + 1, _store.LogKeys("m").Count);
        Assert.IsType<ArtifactVersionNotFoundException>(results[2].Failure);
        Assert.Empty(results[0].Value!.Aliases);
        Assert.Equal(["prod"], results[1].Value!.Aliases.Texts());
    }

    [Fact]
    public async Task Aliases_are_removed_in_one_transaction_except_failures()
    {
        await VersionEditor.SetAliasesAsync(_versions[0], [AliasName.Parse("a"), AliasName.Parse("b")], null, Token);
        await VersionEditor.SetAliasesAsync(_versions[1], [AliasName.Parse("c")], null, Token);
        var before = _store.LogKeys("m").Count;

        var results = await VersionBatchEditor.RemoveAliasesAsync(
            [
                (_versions[0], AliasName.Parse("A")),
                (_versions[0], AliasName.Parse("c")),
                (_versions[1], AliasName.Parse("c")),
                (_versions[0], AliasName.Parse("a")),
                (_versions[0], AliasName.Latest),
            ],
            null,
            Token
        );

        Assert.Equal(before + 1, _store.LogKeys("m").Count);
        Assert.Equal(
            [
                null,
                typeof(ArtifactVersionNotFoundException),
                null,
                typeof(ArtifactVersionNotFoundException),
                typeof(InvalidArtifactAliasException),
            ],
            results.Select(result => result.Failure?.GetType())
        );
        Assert.Equal(["b"], (await _store.FindAsync("m:v0")).Aliases.Texts());
        Assert.Empty((await _store.FindAsync("m:v1")).Aliases);
    }

    private async Task<IEnumerable<int>> LiveAsync() =>
        (await _store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token)).VersionNumbers;
}

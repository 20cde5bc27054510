namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Moves of aliases that depend on where the aliases are.</summary>
public sealed class AliasExpectationTests : IAsyncLifetime
{
    private static readonly AliasName Prod = AliasName.Parse("prod");

    private readonly List<PublishedVersion> _versions = [];
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        for (var i = 0; i < 4; i++)
            _versions.Add(await _store.PublishAsync("net", ("file", $"{i}")));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Alias_moves_from_the_expected_version_only()
    {
        await MoveAsync(0, "none");
        await MoveAsync(1, "v0");
        await MoveAsync(2, "net:v1");

        var moved = await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(3, "v1"));

        Assert.Equal("net:prod", moved.Target);
        Assert.Equal((2, Author.Current), (moved.Actual, moved.MovedBy));
        Assert.Contains("'net:prod' is v2, but v1 was expected.", moved.Message);
        Assert.Contains($"{Author.Current} moved it at {Timestamp.Format(moved.MovedAt!.Value)}", moved.Message);
        Assert.Equal(2, await HolderAsync());
    }

    [Fact]
    public async Task Existing_alias_is_not_new()
    {
        await MoveAsync(0, "none");

        await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(1, "none"));
        await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(0, "none"));
    }

    [Fact]
    public async Task Removed_alias_names_its_removal()
    {
        await MoveAsync(0, "none");
        await VersionEditor.RemoveAliasAsync(_versions[0], Prod, null, Token);

        var moved = await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(1, "v0"));

        Assert.Null(moved.Actual);
        Assert.Contains("does not exist, but v0 was expected.", moved.Message);
        Assert.Contains("removed it at", moved.Message);
    }

    [Fact]
    public async Task Deleted_version_counts_as_removal_of_its_alias()
    {
        await MoveAsync(0, "none");
        await VersionEditor.DeleteAsync(_versions[0], evenIfInUse: true, null, Token);
        var deletion = _store.LogKeys("net").Count;
        for (var i = 0; i < 40; i++)
            await _store.PublishAsync("net", ("file", $"later {i}"));

        var moved = await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(1, "v0"));

        Assert.Contains($"(transaction {deletion})", moved.Message);
    }

    [Fact]
    public async Task Alias_that_never_existed_was_never_set()
    {
        var moved = await Assert.ThrowsAsync<AliasMovedException>(() => MoveAsync(1, "v0"));

        Assert.Contains("It was never set.", moved.Message);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("equal")]
    public async Task Publishing_checks_the_expectation(string content)
    {
        await MoveAsync(0, "none");
        await using var draft = _store.Begin("net");
        await draft.AddTextAsync("file", content == "new" ? "x" : "1");

        await Assert.ThrowsAsync<AliasMovedException>(() => PublishAsync(draft, "v1"));

        var version = await PublishAsync(draft, "v0");
        Assert.Contains(Prod, version.Aliases);
    }

    [Fact]
    public async Task One_of_concurrent_moves_with_equal_expectation_succeeds()
    {
        await MoveAsync(0, "none");

        var results = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(version => Task.Run(() => TryMoveAsync(version), Token))
        );

        Assert.Single(results, moved => moved);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("prod")]
    [InlineData("v99999999999")]
    public void Text_that_names_no_version_is_rejected(string text) =>
        Assert.Throws<InvalidAliasExpectationException>(() => AliasExpectation.Parse(text));

    private async Task<bool> TryMoveAsync(int version)
    {
        try
        {
            await MoveAsync(version, "v0");
            return true;
        }
        catch (AliasMovedException)
        {
            return false;
        }
    }

    private Task<PublishedVersion> MoveAsync(int version, string expected) =>
        VersionEditor.SetAliasesAsync(_versions[version], [Prod], AliasExpectation.Parse(expected), null, Token);

    private static Task<PublishedVersion> PublishAsync(ArtifactDraft draft, string expected) =>
        Publisher.PublishAsync(draft, [Prod], [], AliasExpectation.Parse(expected), null, Token);

    private async Task<int> HolderAsync() =>
        (await _store.Versions.ReadCatalogAsync(ArtifactName.Parse("net"), Token)).Aliases[Prod];
}

using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Catalogs.Rules;

/// <summary>Rules for aliases, and what they refuse.</summary>
public sealed class AliasRuleTests : IAsyncLifetime
{
    private static readonly AliasName Prod = AliasName.Parse("prod");
    private static readonly AliasName Staging = AliasName.Parse("staging");
    private static readonly TagName Reviewed = TagName.Parse("reviewed");

    private TestStore _store = null!;
    private PublishedVersion _version = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _version = await _store.PublishAsync("net", ("file", "0"));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Missing_tag_refuses_a_move_until_it_is_added()
    {
        await ProtectAsync(RequiresTag());

        var refused = await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));

        Assert.Equal("net:prod", refused.Target);
        Assert.Contains("Rule 1 for the alias 'prod' of all artifacts: v0 lacks the tag 'reviewed'.", refused.Message);
        await TagAsync(_version);
        await SetAsync(_version, Prod);
        Assert.Equal(["latest", "prod"], await AliasesAsync());
    }

    [Fact]
    public async Task Required_alias_must_be_there_before_the_move()
    {
        await ProtectAsync(Rule() with { Aliases = [Staging] });

        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Staging, Prod));

        await SetAsync(_version, Staging);
        await SetAsync(_version, Prod);
    }

    [Fact]
    public async Task Other_author_can_neither_move_nor_remove()
    {
        await SetAsync(_version, Prod);
        await ProtectAsync(Rule() with { Authors = [Pattern("release@*")] });
        var next = await _store.PublishAsync("net", ("file", "1"));

        var refused = await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(next, Prod));

        Assert.Contains($"'{Author.Current}' does not match 'release@*'", refused.Message);
        await Assert.ThrowsAsync<AliasProtectedException>(() => RemoveAliasAsync(_version, Prod));
        await Assert.ThrowsAsync<AliasProtectedException>(() => DeleteAsync(_version));
    }

    [Fact]
    public async Task Author_that_matches_may_move()
    {
        await ProtectAsync(Rule() with { Authors = [Pattern("release@*"), Pattern($"{Environment.UserName}@*")] });

        await SetAsync(_version, Prod);
        await RemoveAliasAsync(_version, Prod);
    }

    [Fact]
    public async Task NoDelete_keeps_alias_and_version_but_allows_moves()
    {
        await SetAsync(_version, Prod);
        await ProtectAsync(Rule() with { NoDelete = true });

        await Assert.ThrowsAsync<AliasProtectedException>(() => RemoveAliasAsync(_version, Prod));
        await Assert.ThrowsAsync<AliasProtectedException>(() => DeleteAsync(_version));

        var next = await _store.PublishAsync("net", ("file", "1"));
        await SetAsync(next, Prod);
        await DeleteAsync(_version);
        Assert.Equal(["latest", "prod"], await AliasesAsync());
    }

    [Fact]
    public async Task Evidence_and_signatures_come_from_the_attestations()
    {
        await ProtectAsync(Rule() with { Evidence = ["Test"], Signers = ["aa", "bb"] });
        var refused = await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
        Assert.Contains(
            "v0 lacks passed evidence of the type 'Test', v0 lacks a valid signature of 'aa' or 'bb'",
            refused.Message
        );

        var attested = _store.Versions.WithAttestations(_ => new Attestations());
        var version = await attested.FindAsync(ArtifactReference.Parse("net"), Token);

        await SetAsync(version, Prod);
    }

    [Fact]
    public async Task Publishing_to_protected_alias_needs_its_tag()
    {
        await ProtectAsync(RequiresTag());
        await using var draft = _store.Begin("net");
        await draft.AddTextAsync("file", "1");
        var before = _store.Memory.Keys.Count(StoreLayout.IsObject);

        await Assert.ThrowsAsync<AliasProtectedException>(() => draft.PublishAsync("prod"));

        Assert.Equal(before, _store.Memory.Keys.Count(StoreLayout.IsObject));
        var version = await Publisher.PublishAsync(draft, [Prod], [Reviewed], null, Token);
        Assert.Equal(["latest", "prod"], version.Aliases.Texts());
    }

    [Fact]
    public async Task First_version_of_a_new_artifact_obeys_the_rules()
    {
        await ProtectAsync(RequiresTag());
        await using var draft = _store.Begin("new");
        await draft.AddTextAsync("file", "1");

        await Assert.ThrowsAsync<AliasProtectedException>(() => draft.PublishAsync("prod"));

        await draft.PublishAsync();
        Assert.Equal(1, Assert.Single((await ReadAsync("new")).Rules).Number);
        Assert.DoesNotContain(_store.Memory.Keys, StoreLayout.IsIntent);
    }

    [Fact]
    public async Task Protected_latest_refuses_to_publish()
    {
        await ProtectAsync(AliasRule.Create(AliasName.Latest, TextPattern.Any) with { Tags = [Reviewed] });
        await using var draft = _store.Begin("net");
        await draft.AddTextAsync("file", "1");

        await Assert.ThrowsAsync<AliasProtectedException>(() => draft.PublishAsync());

        await Publisher.PublishAsync(draft, [], [Reviewed], null, Token);
    }

    [Fact]
    public async Task Deletion_that_moves_protected_latest_is_refused()
    {
        var next = await _store.PublishAsync("net", ("file", "1"));
        await ProtectAsync(AliasRule.Create(AliasName.Latest, TextPattern.Any) with { Tags = [Reviewed] });

        await Assert.ThrowsAsync<AliasProtectedException>(() => DeleteAsync(next));

        await DeleteAsync(_version);
    }

    [Fact]
    public async Task Rule_applies_to_matching_artifacts_only()
    {
        var other = await _store.PublishAsync("other", ("file", "0"));
        await ProtectAsync(AliasRule.Create(Prod, Pattern("NE?*")) with { Tags = [Reviewed] });

        await SetAsync(other, Prod);
        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
    }

    [Fact]
    public async Task Replaced_and_removed_rules_lose_their_force()
    {
        await ProtectAsync(RequiresTag());
        var again = await ProtectAsync(RequiresTag());
        Assert.Equal(1, again.Number);
        var replaced = await ProtectAsync(Rule() with { NoDelete = true });
        Assert.Equal(2, replaced.Number);

        await SetAsync(_version, Prod);
        await Assert.ThrowsAsync<AliasProtectedException>(() => RemoveAliasAsync(_version, Prod));
        await new AliasRuleEditor(_store.Versions).UnprotectAsync(Prod, TextPattern.Any, null, Token);
        await RemoveAliasAsync(_version, Prod);

        Assert.Empty(await new AliasRuleEditor(_store.Versions).ReadAsync(Token));
        Assert.Empty((await ReadAsync("net")).Rules);
        await Assert.ThrowsAsync<AliasRuleNotFoundException>(() =>
            new AliasRuleEditor(_store.Versions).UnprotectAsync(Prod, TextPattern.Any, null, Token)
        );
    }

    [Fact]
    public async Task Equal_refusals_are_recorded_once_and_bounded()
    {
        await ProtectAsync(RequiresTag());
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
        Assert.Equal(1, await CountRefusalsAsync());

        for (var i = 1; i < 20; i++)
        {
            var version = await _store.PublishAsync("net", ("file", $"{i}"));
            await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(version, Prod));
        }
        Assert.Equal(16, await CountRefusalsAsync());

        await TagAsync(_version);
        await SetAsync(_version, Prod);
        var last = await _store.FindAsync("net");
        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(last, Prod));
        Assert.Equal(17, await CountRefusalsAsync());
    }

    [Fact]
    public async Task Refusal_stands_if_it_can_not_be_recorded()
    {
        await ProtectAsync(RequiresTag());
        var failing = new FailingObjectStore(_store.Memory);
        var store = await VersionStore.OpenAsync(failing, Token);
        var version = await store.FindAsync(ArtifactReference.Parse("net"), Token);
        failing.FailAt(1, "create");

        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(version, Prod));

        Assert.True(failing.HasFailed);
    }

    [Fact]
    public async Task Batch_reports_refused_items_and_makes_the_others()
    {
        await SetAsync(_version, Prod);
        await ProtectAsync(Rule() with { NoDelete = true });
        var other = await _store.PublishAsync("net", ("file", "1"));
        await SetAsync(other, Staging);

        var removed = await VersionBatchEditor.RemoveAliasesAsync([(_version, Prod), (other, Staging)], null, Token);
        var deleted = await VersionBatchEditor.DeleteAsync([_version, other], evenIfInUse: true, null, Token);

        Assert.IsType<AliasProtectedException>(removed[0].Failure);
        Assert.Null(removed[1].Failure);
        Assert.IsType<AliasProtectedException>(deleted[0].Failure);
        Assert.Null(deleted[1].Failure);
    }

    [Fact]
    public async Task Batch_moves_to_the_last_version_that_rules_allow()
    {
        await TagAsync(_version);
        var other = await _store.PublishAsync("net", ("file", "1"));
        await ProtectAsync(RequiresTag());

        var results = await VersionBatchEditor.SetAliasesAsync([_version, other], [Prod], null, Token);

        Assert.Null(results[0].Failure);
        Assert.IsType<AliasProtectedException>(results[1].Failure);
        Assert.Equal(["prod"], results[0].Value!.Aliases.Texts());
    }

    [Fact]
    public async Task Version_with_protected_latest_does_not_expire()
    {
        await VersionEditor.EditAsync(
            _version,
            new EditAction(0) { ExpiresAt = DateTimeOffset.UnixEpoch },
            null,
            Token
        );
        await ProtectAsync(AliasRule.Create(AliasName.Latest, TextPattern.Any) with { NoDelete = true });

        Assert.Empty(
            (
                await ExpiredVersions.FindAsync(_store.Versions, await ReadAsync("net"), DateTimeOffset.UtcNow, Token)
            ).Numbers
        );
    }

    [Fact]
    public async Task Rules_survive_a_checkpoint()
    {
        await ProtectAsync(RequiresTag() with { Authors = [Pattern("a*")], NoDelete = true });
        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
        while (_store.CheckpointKeys("net").Count == 0)
            await TagAsync(_version, $"t{Guid.NewGuid():N}");
        foreach (var key in _store.LogKeys("net").SkipLast(1))
            await _store.Memory.DeleteAsync(key, Token);
        await _store.ReopenAsync();

        var state = await ReadAsync("net");

        var rule = Assert.Single(state.Rules);
        Assert.True(rule.HasSameConditions(RequiresTag() with { Authors = [Pattern("a*")], NoDelete = true }));
        var before = _store.LogKeys("net").Count;
        await Assert.ThrowsAsync<AliasProtectedException>(() => SetAsync(_version, Prod));
        Assert.Equal(before, _store.LogKeys("net").Count);
    }

    [Fact]
    public async Task Checker_reports_rule_that_is_not_applied()
    {
        var rules = new AliasRuleLog(_store.Memory);
        var rule = RequiresTag() with { Number = 1 };
        await rules.AppendAsync(
            history =>
                history.LastNumber == 0
                    ? new AliasRuleRecord(1, "", rule.CreatedAt, rule.CreatedBy, new ProtectAliasAction(rule))
                    : null,
            Token
        );
        Assert.Equal([StoreProblemKind.RuleNotApplied], await CheckAsync());

        await ProtectAsync(RequiresTag());

        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Checker_reports_damaged_and_missing_rules()
    {
        await ProtectAsync(RequiresTag());
        await ProtectAsync(Rule() with { NoDelete = true });
        await _store.Memory.DeleteAsync("rules/000000000001.json", Token);

        Assert.Equal([StoreProblemKind.RuleMissing], await CheckAsync());
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*", "Abc", true)]
    [InlineData("*b*d", "abcbd", true)]
    [InlineData("?b", "ab", true)]
    [InlineData("?b", "b", false)]
    [InlineData("a*b", "ac", false)]
    [InlineData("a", "ab", false)]
    [InlineData("*@build*", "ann@Build7", true)]
    public void Pattern_matches_whole_texts(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Pattern(pattern).Matches(text));

    private static AliasRule Rule() => AliasRule.Create(Prod, TextPattern.Any);

    private static AliasRule RequiresTag() => Rule() with { Tags = [Reviewed] };

    private static TextPattern Pattern(string text) =>
        TextPattern.TryParse(text, out var pattern)
            ? pattern
            : throw new ArgumentException("It is no pattern.", nameof(text));

    private Task<AliasRule> ProtectAsync(AliasRule rule) =>
        new AliasRuleEditor(_store.Versions).ProtectAsync(rule, null, Token);

    private static Task<PublishedVersion> SetAsync(PublishedVersion version, params AliasName[] aliases) =>
        VersionEditor.SetAliasesAsync(version, aliases, null, Token);

    private static Task<PublishedVersion> RemoveAliasAsync(PublishedVersion version, AliasName alias) =>
        VersionEditor.RemoveAliasAsync(version, alias, null, Token);

    private static Task DeleteAsync(PublishedVersion version) =>
        VersionEditor.DeleteAsync(version, evenIfInUse: true, null, Token);

    private static Task TagAsync(PublishedVersion version, string tag = "reviewed") =>
        VersionEditor.EditAsync(
            version,
            new EditAction(version.Record.Number) { AddTags = [TagName.Parse(tag)] },
            null,
            Token
        );

    private async Task<IEnumerable<string>> AliasesAsync() => (await _store.FindAsync("net")).Aliases.Texts();

    private Task<CatalogState> ReadAsync(string name) =>
        _store.Versions.OpenCatalog(ArtifactName.Parse(name)).ReadAsync(Token);

    private async Task<int> CountRefusalsAsync()
    {
        var count = 0;
        var catalog = _store.Versions.OpenCatalog(ArtifactName.Parse("net"));
        await foreach (var transaction in catalog.HistoryAsync(Token))
            count += transaction.Actions.Count(action => action is RefuseAliasAction);
        return count;
    }

    private async Task<List<StoreProblemKind>> CheckAsync() =>
        [.. (await _store.Memory.CheckAsync()).Select(problem => problem.Kind)];

    private sealed class Attestations : IVersionAttestations
    {
        public Task<bool> IsSignedByAsync(
            ArtifactKey artifact,
            VersionRecord version,
            string signer,
            CancellationToken cancellationToken
        ) => Task.FromResult(signer == "bb");

        public Task<bool> HasPassedAsync(
            ArtifactKey artifact,
            VersionRecord version,
            string type,
            CancellationToken cancellationToken
        ) => Task.FromResult(type == "Test");
    }
}

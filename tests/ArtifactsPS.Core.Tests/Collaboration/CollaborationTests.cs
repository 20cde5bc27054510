using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Tests;

public sealed class CollaborationTests : IAsyncLifetime
{
    private const string Name = "Results";
    private const string Id = "group-1";

    private TestStore _store = null!;

    private VersionStore Versions => _store.Versions;

    public async ValueTask InitializeAsync() => _store = await TestStore.CreateAsync();

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task The_version_holds_what_all_contributed()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("sub/x.txt", "X"));
        await ContributeAsync("second", ("b.txt", "B"));
        var version = await CompleteAsync();

        Assert.Equal(("Results:v0", "data", false), (version.Reference, version.Record.Type, version.Deduplicated));
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B"), ("sub/x.txt", "X")), await version.TextsAsync());
        Assert.Equal(version.Record.Digest, (await _store.FindAsync("results:latest")).Record.Digest);
    }

    [Fact]
    public async Task The_completing_writer_can_contribute_too()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        var version = await CompleteAsync(draft);
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B")), await version.TextsAsync());
        Assert.True(draft.IsSpent);
    }

    [Fact]
    public async Task A_single_writer_can_complete_without_contributing_before()
    {
        await using var draft = Begin(("a.txt", "A"));
        var version = await CompleteAsync(draft);
        Assert.Equal(["a.txt"], await version.PathsAsync());
    }

    [Fact]
    public async Task Nothing_can_be_found_by_name_before_it_is_completed()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await _store.ReopenAsync();
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("results"));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("results:v0"));
        Assert.Empty(await Versions.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token));
        Assert.Equal(0, (await Versions.MeasureAsync(Token)).Artifacts);
    }

    [Fact]
    public async Task What_is_open_can_be_listed()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await Versions.ContributeAsync(Name, "Group-2", "second", ("b.txt", "B"));
        await Versions.ContributeAsync("another", "x", "third", ("c.txt", "C"));
        await _store.PublishAsync("plain", ("a.txt", "A"));

        Assert.Equal(
            ["another", "results"],
            await CollaborationLog.ListArtifactsAsync(Versions, Token).ToListAsync(Token)
        );
        Assert.Equal(["group-1", "group-2"], await CollaborationLog.ListIdsAsync(Versions, Name, Token));
        var state = await StateAsync();
        Assert.Equal(CollaborationStatus.Open, state.Status);
        var contribution = Assert.Single(state.Contributions);
        Assert.Equal(("first", "data", 1), (contribution.Contributor, contribution.Type, contribution.Adds.EntryCount));
    }

    [Fact]
    public async Task A_draft_is_spent_once_it_is_contributed()
    {
        await using var draft = Begin(("a.txt", "A"));
        await draft.ContributeAsync(Id, "first");
        Assert.True(draft.IsSpent);
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.ContributeAsync(Id, "first"));
        await Assert.ThrowsAsync<ArtifactSpentException>(() => CompleteAsync(draft));
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.PublishAsync());
    }

    [Fact]
    public async Task Once_completed_it_takes_no_more()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();

        await using var late = Begin(("late.txt", "L"));
        var error = await Assert.ThrowsAsync<DistributedArtifactLockedException>(() =>
            late.ContributeAsync(Id, "second")
        );
        Assert.Equal(Id, error.Target);
        Assert.Contains("Results:v0", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DistributedArtifactLockedException>(() => CompleteAsync(late));
        await Assert.ThrowsAsync<DistributedArtifactLockedException>(AbandonAsync);

        // The draft is as it was: its writer can publish it.
        Assert.False(late.IsSpent);
        Assert.Equal(["late.txt"], await (await late.PublishAsync()).PathsAsync());
        Assert.Equal(["a.txt"], await (await _store.FindAsync("results:v0")).PathsAsync());
    }

    [Fact]
    public async Task Another_id_makes_another_version()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        await Versions.ContributeAsync(Name, "group-2", "first", ("b.txt", "B"));
        var second = await Versions.CompleteAsync(Name, "group-2");
        Assert.Equal("Results:v1", second.Reference);
        Assert.Equal(["b.txt"], await second.PathsAsync());
    }

    [Fact]
    public async Task An_id_ignores_case()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await Versions.ContributeAsync("RESULTS", "GROUP-1", "second", ("b.txt", "B"));
        Assert.Equal(["a.txt", "b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("nul")]
    public async Task What_can_not_be_a_key_can_not_be_an_id(string id)
    {
        await using var draft = Begin(("a.txt", "A"));
        await Assert.ThrowsAsync<InvalidDistributedIdException>(() => draft.ContributeAsync(id, "first"));
        Assert.False(draft.IsSpent);
    }

    [Fact]
    public async Task To_complete_what_nobody_contributed_to_is_an_error()
    {
        var error = await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(() => CompleteAsync());
        Assert.Equal(Id, error.Target);
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(AbandonAsync);
        Assert.Empty((await StateAsync()).Contributions);
    }

    [Fact]
    public async Task Completing_twice_gives_the_same_version()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        var first = await CompleteAsync(draft);
        await _store.ReopenAsync();
        var second = await CompleteAsync();
        await using var again = Begin(("b.txt", "B"));
        var third = await CompleteAsync(again);

        Assert.Equal("Results:v0", first.Reference);
        Assert.Equal(first.Reference, second.Reference);
        Assert.Equal(first.Reference, third.Reference);
        Assert.True(again.IsSpent);
        Assert.Single((await Versions.ReadCatalogAsync(Name, Token)).VersionNumbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completing_again_leaves_latest_where_it_went_meanwhile(bool wasKilled)
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        // Killed after it published, and before it noted that.
        if (wasKilled)
            await _store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000003.json", Token);
        await PublishAsync(("newer.txt", "N"));

        var again = await CompleteAsync();
        Assert.Equal(("Results:v0", false), (again.Reference, again.Deduplicated));
        Assert.Equal("Results:v1", (await _store.FindAsync("results:latest")).Reference);
        Assert.Equal((CollaborationStatus.Completed, 0), await StatusAsync());
    }

    [Fact]
    public async Task A_version_that_is_deleted_before_it_was_noted_is_published_again()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var version = await CompleteAsync();
        await _store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000003.json", Token);
        await VersionEditor.DeleteAsync(version, evenWithAliases: false, null, Token);
        Assert.Equal("Results:v1", (await CompleteAsync()).Reference);
        Assert.Equal((CollaborationStatus.Completed, 1), await StatusAsync());
    }

    [Fact]
    public async Task Completing_again_moves_the_aliases_asked_for()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        var again = await Versions.CompleteAsync(
            Name,
            Id,
            new CompletionOptions { Contributor = "completer", Aliases = ["prod"] }
        );
        Assert.Equal(["latest", "prod"], again.Aliases);
    }

    [Fact]
    public async Task Equal_content_makes_no_new_version()
    {
        await using var draft = Begin(("a.txt", "A"), ("b.txt", "B"));
        await draft.PublishAsync();
        await ContributeAsync("first", ("a.txt", "A"));
        await ContributeAsync("second", ("b.txt", "B"));
        var version = await CompleteAsync();
        Assert.Equal(("Results:v0", true), (version.Reference, version.Deduplicated));
    }

    [Fact]
    public async Task The_same_content_of_several_writers_is_one()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("same.txt", "S"));
        await ContributeAsync("second", ("b.txt", "B"), ("same.txt", "S"));
        var version = await CompleteAsync();
        Assert.Equal(["a.txt", "b.txt", "same.txt"], await version.PathsAsync());
    }

    [Fact]
    public async Task Different_content_for_one_path_is_an_error_that_names_it_and_both_writers()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("sub/same.txt", "1"));
        await ContributeAsync("second", ("sub/same.txt", "2"));
        var error = await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync());
        Assert.Equal("sub/same.txt", error.Target);
        foreach (var named in new[] { "'sub/same.txt'", "'first'", "'second'", "'group-1'" })
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_leaves_everything_as_it_was()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("same.txt", "1"));
        await using var draft = Begin(("b.txt", "B"), ("same.txt", "2"));
        var before = KeysBesidesObjects();
        await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync(draft));

        Assert.Equal(before, KeysBesidesObjects());
        Assert.Equal(CollaborationStatus.Open, (await StateAsync()).Status);
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("results"));
        Assert.False(draft.IsSpent);
        Assert.Equal(["b.txt", "same.txt"], await draft.PathsAsync());

        // Each way to settle it is open: here the first writer takes back what it said.
        await ContributeAsync("first", ("same.txt", "2"));
        var version = await CompleteAsync(draft);
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B"), ("same.txt", "2")), await version.TextsAsync());
    }

    [Theory]
    [InlineData(ConflictAction.FirstWins, "1")]
    [InlineData(ConflictAction.LastWins, "3")]
    public async Task Who_wins_a_conflict_is_decided_by_the_order_in_the_store(ConflictAction action, string winner)
    {
        // Neither the names of the writers nor the paths around say who wins.
        await ContributeAsync("m", ("same.txt", "1"), ("z.txt", "Z"));
        await ContributeAsync("z", ("a.txt", "A"), ("same.txt", "2"));
        await ContributeAsync("a", ("same.txt", "3"));
        await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync());
        var version = await Versions.CompleteAsync(Name, Id, action);
        Assert.Equal(Texts(("a.txt", "A"), ("same.txt", winner), ("z.txt", "Z")), await version.TextsAsync());
    }

    [Theory]
    [InlineData(ConflictAction.FirstWins, "1")]
    [InlineData(ConflictAction.LastWins, "own")]
    public async Task The_completing_writer_comes_last(ConflictAction action, string winner)
    {
        await ContributeAsync("first", ("same.txt", "1"));
        await using var draft = Begin(("same.txt", "own"));
        var version = await CompleteAsync(draft, action);
        Assert.Equal(Texts(("same.txt", winner)), await version.TextsAsync());
    }

    [Fact]
    public async Task A_later_contribution_of_a_writer_replaces_its_earlier_one_path_by_path()
    {
        await ContributeAsync("first", ("kept.txt", "K"), ("changed.txt", "old"));
        await ContributeAsync("second", ("b.txt", "B"));
        await ContributeAsync("first", ("changed.txt", "new"));
        var version = await CompleteAsync();
        Assert.Equal(Texts(("b.txt", "B"), ("changed.txt", "new"), ("kept.txt", "K")), await version.TextsAsync());
    }

    [Fact]
    public async Task What_a_writer_contributed_last_has_its_place_from_then_on()
    {
        await ContributeAsync("first", ("same.txt", "old"));
        await ContributeAsync("second", ("same.txt", "2"));
        await ContributeAsync("first", ("same.txt", "new"));
        var version = await Versions.CompleteAsync(Name, Id, ConflictAction.FirstWins);
        Assert.Equal(Texts(("same.txt", "2")), await version.TextsAsync());
    }

    [Fact]
    public async Task A_writer_that_contributed_can_replace_it_by_completing()
    {
        await ContributeAsync("completer", ("same.txt", "old"));
        await using var draft = Begin(("same.txt", "new"));
        Assert.Equal(Texts(("same.txt", "new")), await (await CompleteAsync(draft)).TextsAsync());
    }

    [Fact]
    public async Task Adds_changes_and_removals_apply_to_the_common_base()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"), ("c.txt", "C"), ("d.txt", "D"));
        await ContributeAsync("first", from, ("a.txt", "A2"), ("b.txt", null));
        await ContributeAsync("second", from, ("c.txt", null), ("e.txt", "E"));
        await ContributeAsync("third", from, ("b.txt", null));
        var version = await CompleteAsync();
        Assert.Equal("Results:v1", version.Reference);
        Assert.Equal(Texts(("a.txt", "A2"), ("d.txt", "D"), ("e.txt", "E")), await version.TextsAsync());
    }

    [Fact]
    public async Task To_remove_what_another_changes_is_a_conflict()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, ("a.txt", null));
        await ContributeAsync("second", from, ("a.txt", "A2"));
        var error = await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync());
        Assert.Equal("a.txt", error.Target);
        var version = await Versions.CompleteAsync(Name, Id, ConflictAction.FirstWins);
        Assert.Equal(Texts(("b.txt", "B")), await version.TextsAsync());
    }

    [Theory]
    [InlineData("\uFEFFbom.txt")]
    [InlineData("line\u2028separator")]
    [InlineData("\U0001F600")]
    public async Task Any_path_can_be_removed(string path)
    {
        var from = await PublishAsync((path, "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, (path, null));
        Assert.Equal(["b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task All_can_be_removed()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, ("a.txt", null));
        await ContributeAsync("second", from, ("b.txt", null));
        Assert.Empty(await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task A_contribution_can_be_empty()
    {
        await ContributeAsync("first");
        Assert.Empty(await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task All_contributions_need_the_same_base()
    {
        var v0 = await PublishAsync(("a.txt", "A"));
        var v1 = await PublishAsync(("a.txt", "A2"));
        await ContributeAsync("first", v0, ("b.txt", "B"));

        foreach (var from in new[] { v1, null })
        {
            await using var draft = await BeginAsync(from, ("c.txt", "C"));
            var error = await Assert.ThrowsAsync<DistributedBaseMismatchException>(() =>
                draft.ContributeAsync(Id, "second")
            );
            Assert.Contains("v0", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<DistributedBaseMismatchException>(() => CompleteAsync(draft));
            Assert.False(draft.IsSpent);
        }
        Assert.Single((await StateAsync()).Contributions);
        Assert.Equal(["a.txt", "b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task A_contribution_from_a_base_does_not_follow_one_from_scratch()
    {
        var from = await PublishAsync(("a.txt", "A"));
        await ContributeAsync("first", ("b.txt", "B"));
        await using var draft = await BeginAsync(from, ("c.txt", "C"));
        await Assert.ThrowsAsync<DistributedBaseMismatchException>(() => draft.ContributeAsync(Id, "second"));
    }

    [Fact]
    public async Task A_base_that_is_deleted_meanwhile_still_serves()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, ("a.txt", null), ("c.txt", "C"));
        await VersionEditor.DeleteAsync(from, evenWithAliases: false, null, Token);
        Assert.Equal(Texts(("b.txt", "B"), ("c.txt", "C")), await (await CompleteAsync()).TextsAsync());
    }

    [Fact]
    public async Task All_contributions_need_the_same_type()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = _store.Begin(Name, "model");
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.ContributeAsync(Id, "second"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync(draft));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync(type: "model"));
        Assert.False(draft.IsSpent);
        Assert.Equal("data", (await CompleteAsync(type: "DATA")).Record.Type);
    }

    [Fact]
    public async Task A_contribution_needs_the_type_that_the_artifact_has()
    {
        await _store.PublishAsync(Name, ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.ContributeAsync(Id, "first"));
        Assert.False((await StateAsync()).Exists);
    }

    [Fact]
    public async Task Nothing_is_sealed_that_the_artifact_can_not_take()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var other = await _store.PublishAsync(Name, ("a.txt", "A"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync());
        Assert.Equal(CollaborationStatus.Open, (await StateAsync()).Status);
        await VersionEditor.DeleteAsync(other, evenWithAliases: false, null, Token);
        Assert.Equal("Results:v1", (await CompleteAsync()).Reference);
    }

    [Fact]
    public async Task An_abandoned_collaboration_begins_anew()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await AbandonAsync();
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(() => CompleteAsync());
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(AbandonAsync);
        await ContributeAsync("second", ("b.txt", "B"));
        Assert.Equal(["b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Description_metadata_and_tags_do_not_depend_on_who_came_first()
    {
        var versions = new List<PublishedVersion>();
        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 0, 1], [1, 2, 0] })
        {
            var store = await TestStore.CreateAsync();
            foreach (var writer in order)
            {
                await using var draft = ArtifactDraft.Begin(store.Versions, Name, "data", [$"tag{writer}", "common"]);
                await draft.AddTextAsync($"{writer}.txt", "");
                draft.Description = $"by {writer}";
                draft.Metadata = new JObject { [$"key{writer}"] = writer, ["last"] = writer };
                await draft.ContributeAsync(Id, $"writer{writer}");
            }
            versions.Add(await store.Versions.CompleteAsync(Name, Id));
        }
        foreach (var version in versions)
        {
            Assert.Equal("by 2", version.Record.Description);
            var expected = JObject.Parse("{ key0: 0, key1: 1, key2: 2, last: 2 }");
            Assert.True(JToken.DeepEquals(expected, Sorted(version.Record.Metadata!)));
            Assert.Equal(["common", "tag0", "tag1", "tag2"], version.Record.Tags.Order(StringComparer.Ordinal));
            Assert.Equal(versions[0].Record.Digest, version.Record.Digest);
        }
    }

    [Fact]
    public async Task The_completing_writer_has_the_last_word_on_the_description()
    {
        await using (var other = Begin(("a.txt", "A")))
        {
            other.Description = "of a contributor";
            other.Metadata = new JObject { ["a"] = 1, ["b"] = 1 };
            await other.ContributeAsync(Id, "zzz");
        }
        await using var draft = Begin(("b.txt", "B"));
        draft.Description = "of the completer";
        draft.Metadata = new JObject { ["b"] = 2 };
        var version = await CompleteAsync(draft);
        Assert.Equal("of the completer", version.Record.Description);
        Assert.True(JToken.DeepEquals(JObject.Parse("{ a: 1, b: 2 }"), Sorted(version.Record.Metadata!)));
    }

    [Fact]
    public async Task Runs_that_contributed_are_its_makers()
    {
        await using (var draft = Begin(("a.txt", "A")))
            await draft.ContributeAsync(Id, "first", "run-1");
        await using (var draft = Begin(("b.txt", "B")))
            await draft.ContributeAsync(Id, "second", "run-2");
        var options = new CompletionOptions { Contributor = "completer", RunId = "run-3" };
        var version = await Versions.CompleteAsync(Name, Id, options);
        Assert.Equal("run-3", version.Record.RunId);
        var runs = new RunLinks(Versions).RunsOfAsync(new VersionLink(Name, 0), RunRole.Output, Token);
        Assert.Equal(["run-1", "run-2", "run-3"], await runs);
    }

    [Fact]
    public async Task A_damaged_record_is_told_as_such()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var key = Assert.Single(_store.Memory.Keys, key => key.Contains("/distributed/", StringComparison.Ordinal));
        Assert.Equal("artifacts/results/distributed/group-1/log/000000000001.json", key);
        _store.Memory[key][^5] ^= 1;
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => CompleteAsync());
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    private Task<Contribution> ContributeAsync(string contributor, params (string Path, string Text)[] files) =>
        Versions.ContributeAsync(Name, Id, contributor, files);

    // A text of null removes.
    private async Task ContributeAsync(
        string contributor,
        PublishedVersion from,
        params (string Path, string? Text)[] changes
    )
    {
        await using var draft = await BeginAsync(from, changes);
        await draft.ContributeAsync(Id, contributor);
    }

    private Task<PublishedVersion> CompleteAsync(
        ArtifactDraft? draft = null,
        ConflictAction onConflict = ConflictAction.Error,
        string? type = null
    ) =>
        Versions.CompleteAsync(
            Name,
            Id,
            new CompletionOptions
            {
                Draft = draft,
                Contributor = "completer",
                OnConflict = onConflict,
                Type = type,
            }
        );

    private Task AbandonAsync() => new CollaborationLog(Versions, Name, Id).AbandonAsync(Token);

    private Task<CollaborationState> StateAsync() => Versions.ReadCollaborationAsync(Name, Id);

    private async Task<(CollaborationStatus, int?)> StatusAsync()
    {
        var state = await StateAsync();
        return (state.Status, state.Version);
    }

    private async Task<PublishedVersion> PublishAsync(params (string Path, string Text)[] files)
    {
        await using var draft = Begin(files);
        return await draft.PublishAsync();
    }

    private ArtifactDraft Begin(params (string Path, string Text)[] files)
    {
        var draft = _store.Begin(Name, "data");
        foreach (var (path, text) in files)
            draft.AddTextAsync(path, text).GetAwaiter().GetResult();
        return draft;
    }

    private async Task<ArtifactDraft> BeginAsync(PublishedVersion? from, params (string Path, string? Text)[] changes)
    {
        var draft = from is null ? Begin() : ArtifactDraft.From(from);
        foreach (var (path, text) in changes)
            if (text is null)
                await draft.RemoveAsync(path);
            else
                await draft.AddTextAsync(path, text, replace: true);
        return draft;
    }

    private string[] KeysBesidesObjects() =>
        [
            .. _store
                .Memory.Keys.Where(key => !key.StartsWith(ObjectHandle.Root, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private static SortedDictionary<string, string> Texts(params (string Path, string Text)[] files) =>
        new(files.ToDictionary(file => file.Path, file => file.Text), StringComparer.Ordinal);

    private static JObject Sorted(JObject json) =>
        new(json.Properties().OrderBy(property => property.Name, StringComparer.Ordinal));
}

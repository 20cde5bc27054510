using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Distributed;

public sealed class DistributedArtifactTests : DistributedFixture
{
    [Fact]
    public async Task Version_has_entries_of_all_contributions()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("sub/x.txt", "X"));
        await ContributeAsync("second", ("b.txt", "B"));
        var version = await CompleteAsync();

        Assert.Equal(
            ("Results:v0", "data", false),
            (version.Reference, version.Record.Type.ToString(), version.Deduplicated)
        );
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B"), ("sub/x.txt", "X")), await version.TextsAsync());
        Assert.Equal(version.Record.Digest, (await Store.FindAsync("results:latest")).Record.Digest);
    }

    [Fact]
    public async Task Completing_writer_can_contribute()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        var version = await CompleteAsync(draft);
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B")), await version.TextsAsync());
        Assert.True(draft.IsSpent);
    }

    [Fact]
    public async Task Single_writer_can_complete_without_earlier_contribution()
    {
        await using var draft = Begin(("a.txt", "A"));
        var version = await CompleteAsync(draft);
        Assert.Equal(["a.txt"], await version.PathsAsync());
    }

    [Fact]
    public async Task Version_is_not_visible_before_completion()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await Store.ReopenAsync();
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => Store.FindAsync("results"));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => Store.FindAsync("results:v0"));
        Assert.Empty(await Versions.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token));
        Assert.Equal(0, (await Versions.MeasureAsync(Token)).Artifacts);
    }

    [Fact]
    public async Task Open_distributed_ids_are_listed()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await Versions.ContributeAsync(Name, "Group-2", "second", ("b.txt", "B"));
        await Versions.ContributeAsync("another", "x", "third", ("c.txt", "C"));
        await Store.PublishAsync("plain", ("a.txt", "A"));

        Assert.Equal(
            ["another", "results"],
            (await DistributedLog.ListAsync(Versions, Token).ToListAsync(Token)).Select(found =>
                found.Artifact.ToString()
            )
        );
        Assert.Equal(
            ["group-1", "group-2"],
            (await DistributedLog.ListIdsAsync(Versions, ArtifactName.Parse(Name), Token)).Ids.Texts()
        );
        var state = await StateAsync();
        Assert.Equal(DistributedStatus.Open, state.Status);
        var contribution = Assert.Single(state.Contributions);
        Assert.Equal(
            ("first", "data", 1),
            (contribution.Contributor, contribution.Type.ToString(), contribution.Adds.EntryCount)
        );
    }

    [Fact]
    public async Task Contributed_draft_is_spent()
    {
        await using var draft = Begin(("a.txt", "A"));
        await draft.ContributeAsync(Id, "first");
        Assert.True(draft.IsSpent);
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.ContributeAsync(Id, "first"));
        await Assert.ThrowsAsync<ArtifactSpentException>(() => CompleteAsync(draft));
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.PublishAsync());
    }

    [Fact]
    public async Task Contribution_after_completion_is_refused()
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

        // The draft is unchanged, and its writer can publish it.
        Assert.False(late.IsSpent);
        Assert.Equal(["late.txt"], await (await late.PublishAsync()).PathsAsync());
        Assert.Equal(["a.txt"], await (await Store.FindAsync("results:v0")).PathsAsync());
    }

    [Fact]
    public async Task Other_id_makes_other_version()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        await Versions.ContributeAsync(Name, "group-2", "first", ("b.txt", "B"));
        var second = await Versions.CompleteAsync(Name, "group-2");
        Assert.Equal("Results:v1", second.Reference);
        Assert.Equal(["b.txt"], await second.PathsAsync());
    }

    [Fact]
    public async Task Distributed_id_ignores_case()
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
    public async Task Invalid_distributed_id_is_refused(string id)
    {
        await using var draft = Begin(("a.txt", "A"));
        await Assert.ThrowsAsync<InvalidDistributedIdException>(() => draft.ContributeAsync(id, "first"));
        Assert.False(draft.IsSpent);
    }

    [Fact]
    public async Task Complete_without_contributions_is_error()
    {
        var error = await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(() => CompleteAsync());
        Assert.Equal(Id, error.Target);
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(AbandonAsync);
        Assert.Empty((await StateAsync()).Contributions);
    }

    [Fact]
    public async Task Completing_twice_returns_same_version()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        var first = await CompleteAsync(draft);
        await Store.ReopenAsync();
        var second = await CompleteAsync();
        await using var again = Begin(("b.txt", "B"));
        var third = await CompleteAsync(again);

        Assert.Equal("Results:v0", first.Reference);
        Assert.Equal(first.Reference, second.Reference);
        Assert.Equal(first.Reference, third.Reference);
        Assert.True(again.IsSpent);
        Assert.Single((await Versions.ReadCatalogAsync(ArtifactName.Parse(Name), Token)).VersionNumbers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completing_again_does_not_move_latest(bool wasKilled)
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        // Killed after publishing, before the completion was recorded.
        if (wasKilled)
            await Store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000003.json", Token);
        await PublishAsync(("newer.txt", "N"));

        var again = await CompleteAsync();
        Assert.Equal(("Results:v0", false), (again.Reference, again.Deduplicated));
        Assert.Equal("Results:v1", (await Store.FindAsync("results:latest")).Reference);
        Assert.Equal((DistributedStatus.Completed, 0), await StatusAsync());
    }

    [Fact]
    public async Task Version_deleted_before_completion_record_is_published_again()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var version = await CompleteAsync();
        await Store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000003.json", Token);
        await VersionEditor.DeleteAsync(version, evenIfInUse: false, null, Token);
        Assert.Equal("Results:v1", (await CompleteAsync()).Reference);
        Assert.Equal((DistributedStatus.Completed, 1), await StatusAsync());
    }

    [Fact]
    public async Task Completing_again_moves_given_aliases()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await CompleteAsync();
        var again = await Versions.CompleteAsync(
            Name,
            Id,
            new CompletionOptions { Contributor = "completer", Aliases = [AliasName.Parse("prod")] }
        );
        Assert.Equal(["latest", "prod"], again.Aliases.Texts());
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
    public async Task Abandoned_contributions_are_not_merged()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await AbandonAsync();
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(() => CompleteAsync());
        await Assert.ThrowsAsync<DistributedArtifactNotFoundException>(AbandonAsync);
        await ContributeAsync("second", ("b.txt", "B"));
        Assert.Equal(["b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Description_and_metadata_do_not_depend_on_order()
    {
        var versions = new List<PublishedVersion>();
        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 0, 1], [1, 2, 0] })
        {
            var store = await TestStore.CreateAsync();
            foreach (var writer in order)
            {
                await using var draft = ArtifactDraft.Begin(
                    store.Versions,
                    ArtifactName.Parse(Name),
                    TypeName.Parse("data"),
                    [TagName.Parse($"tag{writer}"), TagName.Parse("common")]
                );
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
            Assert.Equal(["common", "tag0", "tag1", "tag2"], version.Record.Tags.Texts().Order(StringComparer.Ordinal));
            Assert.Equal(versions[0].Record.Digest, version.Record.Digest);
        }
    }

    [Fact]
    public async Task Description_of_completing_writer_wins()
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
    public async Task Contributing_runs_are_recorded_as_producers()
    {
        await using (var draft = Begin(("a.txt", "A")))
            await draft.ContributeAsync(Id, "first", "run-1");
        await using (var draft = Begin(("b.txt", "B")))
            await draft.ContributeAsync(Id, "second", "run-2");
        var options = new CompletionOptions { Contributor = "completer", RunId = RunId.Parse("run-3") };
        var version = await Versions.CompleteAsync(Name, Id, options);
        Assert.Equal(RunId.Parse("run-3"), version.Record.RunId);
        var runs = new RunLinks(Versions).RunsOfAsync(
            ArtifactKey.Of(ArtifactName.Parse(Name)),
            0,
            RunRole.Output,
            Token
        );
        Assert.Equal(["run-1", "run-2", "run-3"], (await runs).Select(run => run.ToString()));
    }

    [Fact]
    public async Task Damaged_record_is_reported()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var key = Assert.Single(Store.Memory.Keys, key => key.Contains("/distributed/", StringComparison.Ordinal));
        Assert.Equal("artifacts/results/distributed/group-1/log/000000000001.json", key);
        Store.Memory[key][^5] ^= 1;
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() => CompleteAsync());
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }
}

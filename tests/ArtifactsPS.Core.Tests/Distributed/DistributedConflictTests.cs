using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Distributed;

public sealed class DistributedConflictTests : DistributedFixture
{
    [Fact]
    public async Task Equal_content_of_several_writers_is_no_conflict()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("same.txt", "S"));
        await ContributeAsync("second", ("b.txt", "B"), ("same.txt", "S"));
        var version = await CompleteAsync();
        Assert.Equal(["a.txt", "b.txt", "same.txt"], await version.PathsAsync());
    }

    [Fact]
    public async Task Conflict_error_names_path_and_both_writers()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("sub/same.txt", "1"));
        await ContributeAsync("second", ("sub/same.txt", "2"));
        var error = await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync());
        Assert.Equal("sub/same.txt", error.Target);
        foreach (var named in new[] { "'sub/same.txt'", "'first'", "'second'", "'group-1'" })
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflict_leaves_contributions_unchanged()
    {
        await ContributeAsync("first", ("a.txt", "A"), ("same.txt", "1"));
        await using var draft = Begin(("b.txt", "B"), ("same.txt", "2"));
        var before = KeysBesidesObjects();
        await Assert.ThrowsAsync<DistributedConflictException>(() => CompleteAsync(draft));

        Assert.Equal(before, KeysBesidesObjects());
        Assert.Equal(DistributedStatus.Open, (await StateAsync()).Status);
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => Store.FindAsync("results"));
        Assert.False(draft.IsSpent);
        Assert.Equal(["b.txt", "same.txt"], await draft.PathsAsync());

        // The conflict can be resolved: here the first writer replaces its file.
        await ContributeAsync("first", ("same.txt", "2"));
        var version = await CompleteAsync(draft);
        Assert.Equal(Texts(("a.txt", "A"), ("b.txt", "B"), ("same.txt", "2")), await version.TextsAsync());
    }

    [Theory]
    [InlineData(ConflictAction.FirstWins, "1")]
    [InlineData(ConflictAction.LastWins, "3")]
    public async Task Order_in_store_decides_conflict(ConflictAction action, string winner)
    {
        // Names of writers and neighbouring paths have no influence.
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
    public async Task Completing_writer_is_last(ConflictAction action, string winner)
    {
        await ContributeAsync("first", ("same.txt", "1"));
        await using var draft = Begin(("same.txt", "own"));
        var version = await CompleteAsync(draft, action);
        Assert.Equal(Texts(("same.txt", winner)), await version.TextsAsync());
    }

    [Fact]
    public async Task Later_contribution_of_writer_replaces_earlier_paths()
    {
        await ContributeAsync("first", ("kept.txt", "K"), ("changed.txt", "old"));
        await ContributeAsync("second", ("b.txt", "B"));
        await ContributeAsync("first", ("changed.txt", "new"));
        var version = await CompleteAsync();
        Assert.Equal(Texts(("b.txt", "B"), ("changed.txt", "new"), ("kept.txt", "K")), await version.TextsAsync());
    }

    [Fact]
    public async Task Last_contribution_of_path_takes_later_place()
    {
        await ContributeAsync("first", ("same.txt", "old"));
        await ContributeAsync("second", ("same.txt", "2"));
        await ContributeAsync("first", ("same.txt", "new"));
        var version = await Versions.CompleteAsync(Name, Id, ConflictAction.FirstWins);
        Assert.Equal(Texts(("same.txt", "2")), await version.TextsAsync());
    }

    [Fact]
    public async Task Completing_writer_replaces_its_own_contribution()
    {
        await ContributeAsync("completer", ("same.txt", "old"));
        await using var draft = Begin(("same.txt", "new"));
        Assert.Equal(Texts(("same.txt", "new")), await (await CompleteAsync(draft)).TextsAsync());
    }
}

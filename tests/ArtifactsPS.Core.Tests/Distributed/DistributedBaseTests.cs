using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Distributed;

public sealed class DistributedBaseTests : DistributedFixture
{
    [Fact]
    public async Task Adds_changes_and_removals_apply_to_common_base()
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
    public async Task Removing_path_that_other_writer_changes_is_conflict()
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
    public async Task Any_valid_path_can_be_removed(string path)
    {
        var from = await PublishAsync((path, "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, (path, null));
        Assert.Equal(["b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task All_entries_can_be_removed()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, ("a.txt", null));
        await ContributeAsync("second", from, ("b.txt", null));
        Assert.Empty(await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Empty_contribution_is_accepted()
    {
        await ContributeAsync("first");
        Assert.Empty(await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Contribution_with_other_base_is_refused()
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
    public async Task Contribution_with_base_after_one_without_is_refused()
    {
        var from = await PublishAsync(("a.txt", "A"));
        await ContributeAsync("first", ("b.txt", "B"));
        await using var draft = await BeginAsync(from, ("c.txt", "C"));
        await Assert.ThrowsAsync<DistributedBaseMismatchException>(() => draft.ContributeAsync(Id, "second"));
    }

    [Fact]
    public async Task Base_deleted_after_contribution_is_still_used()
    {
        var from = await PublishAsync(("a.txt", "A"), ("b.txt", "B"));
        await ContributeAsync("first", from, ("a.txt", null), ("c.txt", "C"));
        await VersionEditor.DeleteAsync(from, evenIfInUse: false, null, Token);
        Assert.Equal(Texts(("b.txt", "B"), ("c.txt", "C")), await (await CompleteAsync()).TextsAsync());
    }

    [Fact]
    public async Task Contribution_with_other_type_is_refused()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        await using var draft = Store.Begin(Name, "model");
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.ContributeAsync(Id, "second"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync(draft));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync(type: "model"));
        Assert.False(draft.IsSpent);
        Assert.Equal("data", (await CompleteAsync(type: "DATA")).Record.Type.ToString());
    }

    [Fact]
    public async Task Contribution_with_type_unlike_artifact_is_refused()
    {
        await Store.PublishAsync(Name, ("a.txt", "A"));
        await using var draft = Begin(("b.txt", "B"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.ContributeAsync(Id, "first"));
        Assert.False((await StateAsync()).Exists);
    }

    [Fact]
    public async Task Complete_with_type_unlike_artifact_seals_nothing()
    {
        await ContributeAsync("first", ("a.txt", "A"));
        var other = await Store.PublishAsync(Name, ("a.txt", "A"));
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => CompleteAsync());
        Assert.Equal(DistributedStatus.Open, (await StateAsync()).Status);
        await VersionEditor.DeleteAsync(other, evenIfInUse: false, null, Token);
        Assert.Equal("Results:v1", (await CompleteAsync()).Reference);
    }
}

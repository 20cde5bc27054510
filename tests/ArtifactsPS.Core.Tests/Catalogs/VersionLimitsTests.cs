using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Values above a limit are refused when they are given; values at the limit can be committed and read.</summary>
public sealed class VersionLimitsTests
{
    // Length of {"a":""}.
    private const int Around = 8;

    [Fact]
    public async Task Largest_values_are_published_contributed_and_read()
    {
        var store = await TestStore.CreateAsync();
        var metadata = Nested(VersionLimits.MetadataDepth);
        metadata["z"] = new string('x', VersionLimits.MetadataLength - metadata.ToString(0).Length - Around + 1);
        Assert.Equal(VersionLimits.MetadataLength, metadata.ToString(0).Length);
        await using (var draft = store.Begin("m"))
        {
            draft.Metadata = metadata;
            draft.Description = new string('d', VersionLimits.DescriptionLength);
            await draft.PublishAsync();
        }
        await using (var draft = store.Begin("data"))
        {
            draft.Metadata = metadata;
            await draft.AddTextAsync("a", "1");
            await DraftContributor.ContributeAsync(draft, DistributedId.Parse("job"), "w1", null, Token);
        }
        var completed = await store.Versions.CompleteAsync("data", "job");
        await store.ReopenAsync();
        Assert.True(JToken.DeepEquals(metadata, (await store.FindAsync("m")).Record.Metadata));
        Assert.True(JToken.DeepEquals(metadata, (await store.FindAsync(completed.Reference)).Record.Metadata));
    }

    [Fact]
    public async Task Larger_values_are_refused_when_given()
    {
        var store = await TestStore.CreateAsync();
        var version = await store.PublishAsync("m", ("a", "1"));
        await using var draft = store.Begin("n");
        var large = new JObject { ["a"] = new string('x', VersionLimits.MetadataLength - Around + 1) };
        var deep = Nested(VersionLimits.MetadataDepth + 1);
        var many = Enumerable.Range(0, VersionLimits.Tags + 1).Select(i => TagName.Parse($"t{i}")).ToList();

        foreach (var metadata in new[] { large, deep })
        {
            Assert.Throws<MetadataTooLargeException>(() => draft.Metadata = metadata);
            await AssertRefusedAsync(new EditAction(0) { Metadata = metadata });
        }
        var description = new string('ü', (VersionLimits.DescriptionLength / 2) + 1);
        Assert.Throws<MetadataTooLargeException>(() => draft.Description = description);
        await AssertRefusedAsync(new EditAction(0) { Description = description });
        await AssertRefusedAsync(new EditAction(0) { AddTags = many });
        await VersionEditor.EditAsync(version, new EditAction(0) { AddTags = many[1..] }, null, Token);
        await AssertRefusedAsync(new EditAction(0) { AddTags = many });
        Assert.Null(draft.Metadata);

        Task AssertRefusedAsync(EditAction edit) =>
            Assert.ThrowsAsync<MetadataTooLargeException>(() => VersionEditor.EditAsync(version, edit, null, Token));
    }

    [Fact]
    public async Task Contributions_that_exceed_limit_together_are_refused()
    {
        var store = await TestStore.CreateAsync();
        await ContributeAsync("w1", "a");
        await ContributeAsync("w2", "a");
        await Assert.ThrowsAsync<MetadataTooLargeException>(() => ContributeAsync("w3", "b"));
        await store.Versions.CompleteAsync("data", "job");

        async Task ContributeAsync(string writer, string property)
        {
            await using var draft = store.Begin("data");
            draft.Metadata = new JObject { [property] = new string('x', VersionLimits.MetadataLength / 2) };
            await draft.AddTextAsync(writer, "1");
            await DraftContributor.ContributeAsync(draft, DistributedId.Parse("job"), writer, null, Token);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 53)]
    [InlineData(long.MaxValue)]
    public void Reference_of_impossible_size_is_refused(long size) =>
        Assert.Throws<InvalidReferenceException>(() =>
            ManifestEntry.Reference(EntryPath.Parse("a"), "https://example.com/a", null, size)
        );

    private static JObject Nested(int depth)
    {
        var json = new JObject();
        for (var i = 1; i < depth; i++)
            json = new JObject { ["a"] = json };
        return json;
    }
}

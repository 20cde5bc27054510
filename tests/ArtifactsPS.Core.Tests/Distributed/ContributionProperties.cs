using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Compares merged contributions with a simple model in memory.</summary>
public sealed class ContributionProperties
{
    private const string Name = "data";
    private const string Id = "id";
    private const int Writers = 4;
    private const int Paths = 10;
    private const int Texts = 3;

    [Property(MaxTest = 150)]
    public Task Merge_without_base_equals_model(RandomContribution[] samples, ConflictAction onConflict, int seed) =>
        CheckAsync(samples, onConflict, seed, withBase: false, long.MaxValue);

    [Property(MaxTest = 150)]
    public Task Merge_in_memory_with_base_equals_model(
        RandomContribution[] samples,
        ConflictAction onConflict,
        int seed
    ) => CheckAsync(samples, onConflict, seed, withBase: true, long.MaxValue);

    [Property(MaxTest = 150)]
    public Task Merge_as_stream_with_base_equals_model(
        RandomContribution[] samples,
        ConflictAction onConflict,
        int seed
    ) => CheckAsync(samples, onConflict, seed, withBase: true, maxChangesInMemory: 0);

    [Property(MaxTest = 8)]
    public async Task Merge_in_memory_and_as_stream_are_equal(int seed)
    {
        var random = new Random(seed);
        var from = Enumerable.Range(0, 4000).ToDictionary(PathOf, _ => $"{random.Next(Texts)}");
        var contributions = Enumerable
            .Range(0, 5)
            .Select(writer => new TestContribution(
                $"w{writer}",
                Enumerable
                    .Range(0, 600)
                    .Select(_ => random.Next(5000))
                    .Distinct()
                    .ToDictionary(PathOf, _ => random.Next(3) == 0 ? null : "changed")
            ))
            .ToList();
        var expected = Merge(from, contributions, ConflictAction.LastWins, out _);
        var digests = new List<Digest>();
        foreach (var max in new[] { long.MaxValue, 0 })
        {
            var store = await TestStore.CreateAsync();
            var version = await RunAsync(store, from, contributions, ConflictAction.LastWins, max);
            Assert.Equal(expected, await version.TextsAsync());
            digests.Add(version.Record.Digest);
        }
        Assert.Equal(digests[0], digests[1]);

        static string PathOf(int i) => $"{i % 7}/{i:D5}.txt";
    }

    private static async Task CheckAsync(
        RandomContribution[] samples,
        ConflictAction onConflict,
        int seed,
        bool withBase,
        long maxChangesInMemory
    )
    {
        var from = withBase
            ? Enumerable.Range(0, Paths).Where(i => i % 2 == 0).ToDictionary(i => $"p{i}", _ => "0")
            : null;
        var contributions = samples.Select(item => item.ToContribution(from ?? [])).ToList();
        if (contributions.Count == 0)
            contributions.Add(new TestContribution("alone", []));
        var expected = await CheckAsync(from, contributions, onConflict, maxChangesInMemory);

        // Without conflicts, the order makes no difference.
        if (onConflict != ConflictAction.Error)
            return;
        var shuffled = Shuffle(contributions, new Random(seed));
        Assert.Equal(expected, await CheckAsync(from, shuffled, onConflict, maxChangesInMemory));
    }

    /// <returns>The version's digest, or the path of the conflict.</returns>
    private static async Task<string> CheckAsync(
        Dictionary<string, string>? from,
        List<TestContribution> contributions,
        ConflictAction onConflict,
        long maxChangesInMemory
    )
    {
        var store = await TestStore.CreateAsync();
        var expected = Merge(from ?? [], contributions, onConflict, out var conflict);
        if (conflict is var (path, first, second))
        {
            var error = await Assert.ThrowsAsync<DistributedConflictException>(() =>
                RunAsync(store, from, contributions, onConflict, maxChangesInMemory)
            );
            Assert.Equal(path, error.Target);
            Assert.Contains($"by '{first}' and by '{second}'", error.Message, StringComparison.Ordinal);
            Assert.Null((await store.Versions.ReadDistributedAsync(Name, Id)).Seal);
            return path;
        }
        var version = await RunAsync(store, from, contributions, onConflict, maxChangesInMemory);
        Assert.Equal(expected, await version.TextsAsync());
        Assert.Equal(expected.Count, version.Record.Root.EntryCount);
        // A single writer with the same files creates the same version.
        var single = await TestStore.CreateAsync();
        var published = await single.PublishAsync(Name, [.. expected.Select(file => (file.Key, file.Value))]);
        Assert.Equal(published.Record.Digest, version.Record.Digest);
        return version.Record.Digest.Hex;
    }

    private static async Task<PublishedVersion> RunAsync(
        TestStore store,
        Dictionary<string, string>? from,
        List<TestContribution> contributions,
        ConflictAction onConflict,
        long maxChangesInMemory
    )
    {
        var start = from is null
            ? null
            : await store.PublishAsync(Name, [.. from.Select(file => (file.Key, file.Value))]);
        foreach (var contribution in contributions)
        {
            await using var draft = start is null ? store.Begin(Name) : ArtifactDraft.From(start);
            foreach (var (path, text) in contribution.Changes)
                if (text is not null)
                    await draft.AddTextAsync(path, text, replace: true);
                else if (from?.ContainsKey(path) == true)
                    await draft.RemoveAsync(path);
            await draft.ContributeAsync(Id, contribution.Writer);
        }
        await store.ReopenAsync();
        return await store.Versions.CompleteAsync(
            Name,
            Id,
            new CompletionOptions
            {
                Contributor = "completer",
                OnConflict = onConflict,
                MaxChangesInMemory = maxChangesInMemory,
            }
        );
    }

    // The model: the last change of each writer to a path, oldest first.
    private static SortedDictionary<string, string> Merge(
        Dictionary<string, string> from,
        List<TestContribution> contributions,
        ConflictAction onConflict,
        out (string Path, string First, string Second)? conflict
    )
    {
        var changesByPath = new SortedDictionary<string, List<(string Writer, string? Text)>>(StringComparer.Ordinal);
        foreach (var (writer, changes) in contributions)
        foreach (var (path, text) in changes)
        {
            // A file equal to the base isn't a change.
            if (text == from.GetValueOrDefault(path))
                continue;
            if (!changesByPath.TryGetValue(path, out var pathChanges))
                changesByPath.Add(path, pathChanges = []);
            pathChanges.RemoveAll(change => change.Writer == writer);
            pathChanges.Add((writer, text));
        }
        var result = new SortedDictionary<string, string>(from, StringComparer.Ordinal);
        conflict = null;
        foreach (var (path, pathChanges) in changesByPath)
        {
            var (first, text) = pathChanges[0];
            if (
                onConflict == ConflictAction.Error
                && pathChanges.FindIndex(change => change.Text != text) is > 0 and var i
            )
                conflict ??= (path, first, pathChanges[i].Writer);
            if ((onConflict == ConflictAction.LastWins ? pathChanges[^1].Text : text) is { } winner)
                result[path] = winner;
            else
                result.Remove(path);
        }
        return result;
    }

    // The contributions of one writer keep their order.
    private static List<TestContribution> Shuffle(List<TestContribution> contributions, Random random)
    {
        var own = contributions
            .GroupBy(contribution => contribution.Writer)
            .ToDictionary(group => group.Key, group => new Queue<TestContribution>(group));
        var turns = contributions.Select(contribution => contribution.Writer).ToArray();
        random.Shuffle(turns);
        return [.. turns.Select(writer => own[writer].Dequeue())];
    }

    /// <summary>Random input for a contribution.</summary>
    public sealed record RandomContribution(byte Writer, (byte Path, byte Text)[] Changes)
    {
        internal TestContribution ToContribution(Dictionary<string, string> from)
        {
            var changes = new Dictionary<string, string?>();
            foreach (var (path, text) in Changes ?? [])
                changes[$"p{path % Paths}"] = text % (Texts + 1) is > 0 and var value ? $"{value - 1}" : null;
            // A missing path can't be removed.
            foreach (var path in changes.Keys.Where(path => changes[path] is null && !from.ContainsKey(path)).ToList())
                changes.Remove(path);
            return new TestContribution($"w{Writer % Writers}", changes);
        }
    }

    internal sealed record TestContribution(string Writer, Dictionary<string, string?> Changes);
}

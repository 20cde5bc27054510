using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>
/// Transactions, checkpoints, contributions, seals, links, run records and the store's record, modified with correct
/// checksums by an attacker, or with wrong checksums by a damaged medium.
/// </summary>
public sealed class HostileRecordTests : IAsyncLifetime
{
    private HostileStore _hostile = null!;

    public async ValueTask InitializeAsync() => _hostile = await HostileStore.CreateAsync();

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Undamaged_input_is_accepted()
    {
        foreach (var key in _hostile.Keys)
            Assert.True(await Fuzzing.SucceedsAsync(() => _hostile.UseAsync(key, _hostile.BytesOf(key)), key));
        foreach (
            var kind in new[]
            {
                "store.json",
                "/log/",
                "/checkpoints/",
                "/distributed/",
                "runs/",
                "/inputs/",
                "/attestations/",
            }
        )
            Assert.Contains(_hostile.Keys, key => key.Contains(kind, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("store.json")]
    [InlineData("artifacts/m/log/")]
    [InlineData("artifacts/m/checkpoints/")]
    [InlineData("artifacts/registry/log/")]
    [InlineData("artifacts/based/distributed/")]
    [InlineData("artifacts/m/distributed/")]
    [InlineData("artifacts/m/attestations/")]
    [InlineData("runs/")]
    public Task Resealed_damaged_record_causes_only_documented_errors(string prefix)
    {
        var keys = _hostile.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return Fuzzing.ForEachAsync(
            80,
            random =>
            {
                // No other record has the checksum of the last one.
                var key = random.Next(2) == 0 ? keys[^1] : keys[random.Next(keys.Count)];
                var mutated = Mutate(_hostile.BodyOf(key), random);
                return _hostile.UseAsync(key, SealedRecord.Encode(mutated));
            }
        );
    }

    // A record of several lines, such as a checkpoint, is modified in one line.
    private static string Mutate(string body, Random random)
    {
        var mutator = new Mutator(random);
        if (!body.Contains('\n', StringComparison.Ordinal))
            return mutator.Mutate(body);
        var lines = body.Split('\n');
        var chosen = random.Next(lines.Length - 1);
        const string Opening = ",\"versions\":[";
        lines[chosen] =
            chosen == 0
                ? mutator.Mutate(lines[0].Replace(Opening, "}", StringComparison.Ordinal)).TrimEnd('}') + Opening
            : lines[chosen].EndsWith(',') ? mutator.Mutate(lines[chosen][..^1]) + ","
            : mutator.Mutate(lines[chosen]);
        return string.Join('\n', lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/../../elsewhere")]
    [InlineData("C:/elsewhere")]
    [InlineData("0123456789abcdef0123456789abcdef/..")]
    [InlineData("{0123456789abcdef0123456789abcdef}")]
    public async Task Store_id_that_leaves_the_cache_is_refused(string id)
    {
        var store = await TestStore.CreateAsync();
        store.Memory["store.json"] = SealedRecord.Encode(
            new Newtonsoft.Json.Linq.JObject { ["format"] = 1, ["id"] = id }
        );
        var thrown = await Assert.ThrowsAsync<ObjectCorruptException>(store.ReopenAsync);
        Assert.Contains("its id is invalid", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Record_with_damaged_bytes_causes_only_documented_errors() =>
        Fuzzing.ForEachAsync(
            200,
            random =>
            {
                var key = _hostile.Keys[random.Next(_hostile.Keys.Count)];
                return _hostile.UseAsync(key, new Mutator(random).Mutate(_hostile.BytesOf(key)));
            }
        );

    [Theory]
    [InlineData("\n\n", "a line is empty")]
    [InlineData("[\n", "not a version")]
    public async Task Checkpoint_of_unknown_format_is_ignored(string mutated, string why)
    {
        var key = _hostile.Keys.First(key => key.Contains("/checkpoints/", StringComparison.Ordinal));
        var body = _hostile.BodyOf(key).Replace("[\n", "[\n" + mutated, StringComparison.Ordinal);
        var record = SealedRecord.Decode(SealedRecord.Encode(body));
        var artifact = ArtifactKey.Of(ArtifactName.Parse("m"));
        var error = Assert.Throws<InvalidDataException>(() =>
            CatalogCheckpoint.Decode(record, artifact, _ => new NoPages())
        );
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        // The state is replayed from the log.
        Assert.True(await Fuzzing.SucceedsAsync(() => _hostile.UseAsync(key, SealedRecord.Encode(body)), why));
    }

    [Fact]
    public async Task Invalid_version_in_checkpoint_is_read_from_log()
    {
        var key = _hostile.Keys.First(key => key.Contains("/checkpoints/", StringComparison.Ordinal));
        var body = _hostile.BodyOf(key);
        var line = body.IndexOf("\n{", StringComparison.Ordinal);
        var changed = body[..line] + body[line..].Replace("\"type\":\"data\"", "\"type\":7", StringComparison.Ordinal);
        Assert.NotEqual(body, changed);
        await _hostile.UseAsync(key, SealedRecord.Encode(changed));
    }

    [Theory]
    [InlineData("length", 67108865L)]
    [InlineData("length", 2147483647L)]
    [InlineData("level", 17L)]
    [InlineData("at", -1L)]
    public async Task Contribution_with_invalid_pages_reports_its_key(string property, long value)
    {
        const string Key = "artifacts/based/distributed/open/log/000000000002.json";
        var json = SealedRecord.Parse(_hostile.BodyOf(Key));
        json["body"]!["base"]!["root"]![property] = value;
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            _hostile.UseAsync(Key, SealedRecord.Encode(json))
        );
        Assert.Equal(Key, error.Target);
    }

    [Theory]
    [InlineData("level", "1")]
    [InlineData("objects", "[\"this\"]")]
    [InlineData("entries", "[{\"path\":\"../x\",\"uri\":\"https://example.com\"}]")]
    [InlineData("entries", "[{\"path\":\"x\",\"sha256\":\"D\",\"size\":9,\"in\":0,\"at\":0,\"chunks\":5}]")]
    [InlineData("entries", "[{\"path\":\"x\",\"sha256\":\"D\",\"size\":9,\"in\":1,\"at\":0}]")]
    public async Task Contribution_with_invalid_entries_reports_its_key(string property, string value)
    {
        const string Key = "artifacts/based/distributed/open/log/000000000002.json";
        var json = SealedRecord.Parse(_hostile.BodyOf(Key));
        var digest = new string('a', 64);
        json["body"]!["adds"]![property] = JToken.Parse(value.Replace("D", digest, StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            _hostile.UseAsync(Key, SealedRecord.Encode(json))
        );
        Assert.Equal(Key, error.Target);
    }

    [Fact]
    public async Task Wrong_counts_cause_no_other_merge_failure()
    {
        const string Key = "artifacts/based/distributed/open/log/000000000002.json";
        var json = SealedRecord.Parse(_hostile.BodyOf(Key));
        json["body"]!["removed"] = long.MaxValue;
        Assert.True(
            await Fuzzing.SucceedsAsync(() => _hostile.UseAsync(Key, SealedRecord.Encode(json)), "a wrong count")
        );
        json["body"]!["adds"] = json["body"]!["base"]!["root"]!.DeepClone();
        json["body"]!["adds"]!["entries"] = long.MaxValue;
        await Assert.ThrowsAsync<ObjectCorruptException>(() => _hostile.UseAsync(Key, SealedRecord.Encode(json)));
    }

    [Theory]
    [InlineData("../../outside\n")]
    [InlineData("b\na\n")]
    [InlineData("two\n")]
    public async Task Invalid_removed_paths_are_damage(string removes)
    {
        const string Key = "artifacts/based/distributed/open/log/000000000002.json";
        var bytes = System.Text.Encoding.UTF8.GetBytes(removes);
        var memory = new MemoryObjectStore();
        foreach (var key in _hostile.AllKeys)
            memory[key] = _hostile.BytesOf(key);
        memory[StoreLayout.ObjectKey(Sha256.Of(bytes))] = bytes;
        var json = SealedRecord.Parse(_hostile.BodyOf(Key));
        json["body"]!["removes"] = BlobRecord.ToJson(
            new Blob(Sha256.Of(bytes), bytes.Length, new BlobLocation(new StoredObject(Sha256.Of(bytes)), 0))
        );
        memory[Key] = SealedRecord.Encode(json);
        var store = await VersionStore.OpenAsync(memory, Token);
        await Assert.ThrowsAsync<ObjectCorruptException>(() => store.CompleteAsync("based", "open"));
        Assert.Equal(DistributedStatus.Open, (await store.ReadDistributedAsync("based", "open")).Status);
    }

    [Fact]
    public async Task Folders_foreign_to_the_store_are_ignored()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("model", ("file", "0"));
        foreach (var name in new[] { "@eaDir", ".DS Store", "Model", "con", "lost+found." })
        foreach (var root in new[] { "artifacts", "artifacts/model/distributed", "runs" })
            store.Memory[$"{root}/{name}/log/000000000001.json"] = [];
        var states = await store.Versions.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token);
        Assert.Equal("model", Assert.Single(states).Name.ToString());
        Assert.Empty(await DistributedLog.ListAsync(store.Versions, Token).ToListAsync(Token));
        Assert.Empty(await new RunJournal(store.Versions).ListAsync(Token).ToListAsync(Token));
    }
}

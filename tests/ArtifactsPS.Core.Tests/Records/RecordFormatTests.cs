using System.Text.RegularExpressions;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json;
using static ArtifactsPS.Core.Tests.Records.RecordSamples;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>The exact text of each kind of record, except those of catalogs. Stores keep these bytes permanently.</summary>
public sealed class RecordFormatTests
{
    private static Contribution SmallestContribution =>
        new()
        {
            Number = 5,
            Id = "i",
            Contributor = "c",
            At = At,
            By = "u@m",
            Type = TypeName.Parse("dataset"),
            Adds = Root,
        };

    [Fact]
    public void Contribution_without_optional_members() =>
        AssertText(
            $$"""{"id":"i","contributor":"c","at":"{{Time}}","by":"u@m","type":"dataset","adds":{{PageText}}}""",
            SmallestContribution.ToJson()
        );

    [Fact]
    public void Contribution_with_all_members() =>
        AssertText(
            $$"""{"id":"i","contributor":"c","at":"{{Time}}","by":"u@m","type":"dataset","adds":{{PageText}},"run":"r","base":{"version":1,"root":{{PageText}}},"removes":{"sha256":"{{A}}","size":8,"in":"{{B}}","at":9},"removed":4,"description":"d","metadata":{{MetadataText}},"tags":["t"]}""",
            (
                SmallestContribution with
                {
                    RunId = RunId.Parse("r"),
                    Base = new ContributionBase(1, Root),
                    Removes = new Blob(Parse(A), 8, new BlobLocation(new StoredObject(Parse(B)), 9)),
                    RemovedCount = 4,
                    Description = "d",
                    Metadata = Metadata,
                    Tags = [TagName.Parse("t")],
                }
            ).ToJson()
        );

    [Fact]
    public void Seal_without_and_with_optional_members()
    {
        var seal = new Seal
        {
            Id = "i",
            At = At,
            By = "u@m",
            Type = TypeName.Parse("dataset"),
            Root = Root,
        };
        AssertText($$"""{"id":"i","at":"{{Time}}","by":"u@m","type":"dataset","root":{{PageText}}}""", seal.ToJson(6));
        AssertText(
            $$"""{"id":"i","at":"{{Time}}","by":"u@m","type":"dataset","root":{{PageText}},"run":"r","own":{"id":"i","contributor":"c","at":"{{Time}}","by":"u@m","type":"dataset","adds":{{PageText}}},"description":"d","metadata":{{MetadataText}},"tags":["t"]}""",
            (
                seal with
                {
                    RunId = RunId.Parse("r"),
                    Own = SmallestContribution,
                    Description = "d",
                    Metadata = Metadata,
                    Tags = [TagName.Parse("t")],
                }
            ).ToJson(6)
        );
    }

    [Fact]
    public async Task Records_of_a_distributed_version()
    {
        var store = await TestStore.CreateAsync();
        await store.Versions.ContributeAsync("Data", "job", "c", ("a", "1"));
        await new DistributedLog(store.Versions, ArtifactName.Parse("Data"), DistributedId.Parse("job")).AbandonAsync(
            Token
        );
        await store.Versions.ContributeAsync("Data", "job", "c", ("a", "2"));
        await store.Versions.CompleteAsync("Data", "job");

        var records = store
            .Memory.Keys.Where(key => key.StartsWith("artifacts/data/distributed/job/log/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(key => Mask(store.Memory[key]))
            .ToArray();
        Assert.Equal(5, records.Length);
        Assert.StartsWith(
            """{"number":1,"kind":"contribution","body":{"id":"<id>","contributor":"c",""",
            records[0],
            StringComparison.Ordinal
        );
        Assert.Equal(
            """{"number":2,"kind":"abandoned","body":{"id":"<id>","at":"<time>","by":"<author>"}}""",
            records[1]
        );
        Assert.StartsWith("""{"number":4,"kind":"seal","body":{"id":"<id>",""", records[3], StringComparison.Ordinal);
        Assert.Equal(
            """{"number":5,"kind":"completed","body":{"id":"<id>","version":0,"at":"<time>","by":"<author>"}}""",
            records[4]
        );
    }

    [Fact]
    public async Task Records_of_a_run_without_optional_members()
    {
        var store = await TestStore.CreateAsync();
        var journal = new RunJournal(store.Versions);
        await journal.StartAsync(Run("r1"), Token);
        await journal.StopAsync(RunId.Parse("r1"), new RunEnding(RunOutcome.Succeeded, null), Token);
        Assert.Equal(
            $$"""{"id":"r1","name":"train","user":"u","machine":"m","started":"{{Time}}"}""",
            BodyOf(store, "runs/r1/start.json")
        );
        Assert.Equal("""{"ended":"<time>","outcome":"succeeded"}""", Mask(store.Memory["runs/r1/end.json"]));
    }

    [Fact]
    public async Task Records_of_a_run_with_all_members()
    {
        var store = await TestStore.CreateAsync();
        var journal = new RunJournal(store.Versions);
        await journal.StartAsync(
            Run("r1") with
            {
                Group = "g",
                JobType = "j",
                PowerShellVersion = "7.6",
                ModuleVersion = "1.0",
                GitCommit = "abc",
                Config = Metadata,
            },
            Token
        );
        await journal.StopAsync(RunId.Parse("r1"), new RunEnding(RunOutcome.Failed, "why"), Token);
        Assert.Equal(
            $$"""{"id":"r1","name":"train","user":"u","machine":"m","started":"{{Time}}","group":"g","jobType":"j","powershell":"7.6","module":"1.0","gitCommit":"abc","config":{{MetadataText}}}""",
            BodyOf(store, "runs/r1/start.json")
        );
        Assert.Equal(
            """{"ended":"<time>","outcome":"failed","message":"why"}""",
            Mask(store.Memory["runs/r1/end.json"])
        );
    }

    [Fact]
    public async Task Both_keys_of_a_run_link()
    {
        var store = await TestStore.CreateAsync();
        var version = await store.PublishAsync("Data", ("a", "1"));
        await new RunLinks(store.Versions).AddAsync(RunId.Parse("R1"), version, RunRole.Input, Token);
        const string Expected = """{"run":"R1","name":"Data","version":0,"digest":"<digest>","at":"<time>"}""";
        Assert.Equal(Expected, Mask(store.Memory["runs/r1/inputs/data/0.json"]));
        Assert.Equal(Expected, Mask(store.Memory["artifacts/data/runs/0/inputs/r1.json"]));
    }

    [Fact]
    public async Task Store_record()
    {
        var store = await TestStore.CreateAsync();
        Assert.Equal(
            """{"format":1,"id":"<id>","created":"<time>","compression":"zstd"}""",
            Mask(store.Memory["store.json"])
        );
    }

    private static RunRecord Run(string id) =>
        new()
        {
            Id = RunId.Parse(id),
            Name = "train",
            User = "u",
            Machine = "m",
            StartedAt = At,
        };

    private static string BodyOf(TestStore store, string key) => SealedRecord.Decode(store.Memory[key]).Body;

    private static string Mask(byte[] record)
    {
        var body = SealedRecord.Decode(record).Body;
        body = body.Replace(JsonConvert.ToString(Author.Current), "\"<author>\"", StringComparison.Ordinal);
        body = Regex.Replace(body, "\"[0-9a-f]{64}\"", "\"<digest>\"", RegexOptions.None, TimeSpan.FromSeconds(10));
        body = Regex.Replace(body, "\"[0-9a-f]{32}\"", "\"<id>\"", RegexOptions.None, TimeSpan.FromSeconds(10));
        return Regex.Replace(
            body,
            "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"",
            "\"<time>\"",
            RegexOptions.None,
            TimeSpan.FromSeconds(10)
        );
    }
}

using System.Text;
using System.Text.RegularExpressions;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>The exact text of each kind of record. Stores keep these bytes permanently.</summary>
public sealed class RecordFormatTests
{
    // The first 32 bits of A in base64.
    private const string Prefix = "qqqqqg==";
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Time = "2026-01-02T03:04:05.678Z";

    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly JObject Metadata = JObject.Parse("""{"z":1,"a":{"b":[1.5,null,"x"]}}""");

    private const string MetadataText = """{"z":1,"a":{"b":[1.5,null,"x"]}}""";
    private const string RootText = $$"""{"level":1,"in":"{{B}}","at":7,"length":99}""";
    private const string PageText = $$"""
        {"digest":"{{A}}","level":1,"entries":2,"size":30,"in":"{{B}}","at":7,"length":99}
        """;

    private const string LinkText =
        """{"name":"network","version":2,"artifact":"net","store":"o","location":"/other"}""";

    private static readonly StorePlace Other = new("o", "/other");

    private static PageReference Root => new PageLocation(1, Parse(B), 7, 99).ToReference(Parse(A), 2, 30);

    private static VersionRecord Smallest =>
        new()
        {
            Number = 3,
            Type = TypeName.Parse("dataset"),
            Root = Root,
            CreatedAt = At,
            CreatedBy = "u@m",
        };

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
    public void Publish_action_without_optional_members() =>
        AssertAction(
            new PublishAction(Smallest),
            $$"""
            {"action":"publish","version":3,"digest":"{{A}}","type":"dataset","at":"{{Time}}","by":"u@m","entries":2,"size":30,"root":{{RootText}}}
            """
        );

    [Fact]
    public void Publish_action_with_all_members() =>
        AssertAction(
            new PublishAction(
                Smallest with
                {
                    Description = "d \"é\"",
                    Metadata = Metadata,
                    Tags = [TagName.Parse("t2"), TagName.Parse("t1")],
                    RunId = RunId.Parse("r"),
                    SealId = "s",
                    ExpiresAt = At,
                }
            ),
            $$"""
            {"action":"publish","version":3,"digest":"{{A}}","type":"dataset","at":"{{Time}}","by":"u@m","entries":2,"size":30,"root":{{RootText}},"description":"d \"é\"","metadata":{{MetadataText}},"tags":["t2","t1"],"run":"r","seal":"s","expires":"{{Time}}"}
            """
        );

    [Fact]
    public void Alias_and_delete_actions()
    {
        AssertAction(
            new SetAliasAction(AliasName.Parse("prod"), 3),
            """{"action":"alias","alias":"prod","version":3}"""
        );
        AssertAction(new RemoveAliasAction(AliasName.Parse("prod")), """{"action":"unalias","alias":"prod"}""");
        AssertAction(new DeleteAction(3), """{"action":"delete","version":3}""");
    }

    [Fact]
    public void Rule_actions()
    {
        var rule = AliasRule.Create(AliasName.Parse("prod"), TextPattern.Any) with
        {
            Number = 2,
            CreatedAt = At,
            CreatedBy = "u@m",
        };
        AssertAction(
            new ProtectAliasAction(rule with { NoDelete = true }),
            $$"""{"action":"protect","rule":2,"alias":"prod","artifacts":"*","noDelete":true,"at":"{{Time}}","by":"u@m"}"""
        );
        AssertAction(
            new ProtectAliasAction(
                rule with
                {
                    Tags = [TagName.Parse("t")],
                    Aliases = [AliasName.Parse("a")],
                    Evidence = ["Test"],
                    Signers = ["ab"],
                    Authors = [TextPattern.Any],
                }
            ),
            $$"""{"action":"protect","rule":2,"alias":"prod","artifacts":"*","tags":["t"],"aliases":["a"],"evidence":["Test"],"signers":["ab"],"authors":["*"],"at":"{{Time}}","by":"u@m"}"""
        );
        AssertAction(
            new UnprotectAliasAction(3, AliasName.Parse("prod"), TextPattern.Any),
            """{"action":"unprotect","rule":3,"alias":"prod","artifacts":"*"}"""
        );
        AssertAction(
            new RefuseAliasAction(AliasName.Parse("prod"), 3, ["r"]),
            """{"action":"refuse","alias":"prod","version":3,"reasons":["r"]}"""
        );
        AssertAction(
            new RefuseAliasAction(AliasName.Parse("prod"), null, ["r"]),
            """{"action":"refuse","alias":"prod","reasons":["r"]}"""
        );
    }

    [Fact]
    public void Actions_of_the_artifact_as_a_whole()
    {
        var name = ArtifactName.Parse("Net");
        var rule = AliasRule.Create(AliasName.Parse("prod"), TextPattern.Any) with
        {
            Number = 2,
            NoDelete = true,
            CreatedAt = At,
            CreatedBy = "u@m",
        };
        AssertAction(new ClaimAction(ArtifactKey.Of(name)), """{"action":"claim","artifact":"net"}""");
        AssertAction(
            new RenameAction(name, 3, [rule]),
            $$"""{"action":"rename","to":"Net","lastRule":3,"rules":[{"rule":2,"alias":"prod","artifacts":"*","noDelete":true,"at":"{{Time}}","by":"u@m"}]}"""
        );
        AssertAction(new RenameAction(name, 0, []), """{"action":"rename","to":"Net","lastRule":0,"rules":[]}""");
        AssertAction(
            new EditArtifactAction
            {
                Description = "",
                AddTags = [TagName.Parse("a")],
                RemoveTags = [TagName.Parse("b")],
            },
            """{"action":"describe","description":"","addTags":["a"],"removeTags":["b"]}"""
        );
    }

    [Fact]
    public void Checkpoint_of_a_renamed_artifact()
    {
        var state = new CatalogState(ArtifactName.Parse("Mnist"));
        state.Apply(
            new CatalogTransaction
            {
                Number = 1,
                Id = "i",
                Name = ArtifactName.Parse("Mnist"),
                At = At,
                By = "u@m",
                Previous = null,
                Actions =
                [
                    new PublishAction(Smallest),
                    new RenameAction(ArtifactName.Parse("Digits"), 0, []),
                    new EditArtifactAction { Description = "d", AddTags = [TagName.Parse("t")] },
                ],
            },
            Parse(B)
        );
        AssertRecord(
            $$"""
            {"name":"Digits","transaction":1,"digest":"{{B}}","nextVersion":4,"formerNames":["Mnist"],"description":"d","tags":["t"],"type":"dataset","aliases":{"latest":3},"live":"3","prefixes":"{{Prefix}}","pages":[],"versions":[
            {"version":3,"digest":"{{A}}","type":"dataset","at":"{{Time}}","by":"u@m","entries":2,"size":30,"root":{{RootText}}}
            ]}
            """.ReplaceLineEndings("\n"),
            state.EncodeCheckpoint()
        );
    }

    [Fact]
    public void Restore_action() =>
        AssertAction(
            new RestoreAction(Smallest),
            $$"""
            {"action":"restore","version":3,"digest":"{{A}}","type":"dataset","at":"{{Time}}","by":"u@m","entries":2,"size":30,"root":{{RootText}}}
            """
        );

    [Fact]
    public void Publish_actions_of_links()
    {
        var source = new LinkSource(ArtifactKey.Of(ArtifactName.Parse("net")), ArtifactName.Parse("network"), 2);
        AssertAction(
            new PublishAction(Smallest with { Link = source }),
            $$$"""
            {"action":"publish","version":3,"digest":"{{{A}}}","type":"dataset","at":"{{{Time}}}","by":"u@m","entries":2,"size":30,"root":{{{RootText}}},"link":{"name":"network","version":2,"artifact":"net"}}
            """
        );
        source = source with { Store = Other };
        AssertAction(
            new PublishAction(Smallest with { Root = LinkedRoot.To(Root, source), Link = source }),
            $$$"""
            {"action":"publish","version":3,"digest":"{{{A}}}","type":"dataset","at":"{{{Time}}}","by":"u@m","entries":2,"size":30,"root":{"level":1,"source":{{{LinkText}}}},"link":{{{LinkText}}}}
            """
        );
    }

    [Fact]
    public void Link_actions()
    {
        var churn = ArtifactKey.Of(ArtifactName.Parse("Churn"));
        AssertAction(
            new LinkAction(3, new LinkMark(churn, 2)),
            """{"action":"link","version":3,"collection":"churn","first":2}"""
        );
        AssertAction(
            new LinkAction(3, new LinkMark(churn, 2) { Store = Other }),
            """{"action":"link","version":3,"collection":"churn","first":2,"store":"o","location":"/other"}"""
        );
        AssertAction(new UnlinkAction(3, churn), """{"action":"unlink","version":3,"collection":"churn"}""");
        AssertAction(
            new UnlinkAction(3, churn) { StoreId = "o" },
            """{"action":"unlink","version":3,"collection":"churn","store":"o"}"""
        );
    }

    [Fact]
    public void Marks_of_links_in_a_checkpoint()
    {
        const string Marks = """
            {"3":[{"collection":"churn","first":2},{"collection":"churn","first":0,"store":"o","location":"/other"}]}
            """;
        var churn = ArtifactKey.Of(ArtifactName.Parse("churn"));
        var links = new CatalogLinks();
        links.Apply(new LinkAction(3, new LinkMark(churn, 1)));
        links.Apply(new LinkAction(3, new LinkMark(churn, 0) { Store = Other }));
        links.Apply(new LinkAction(3, new LinkMark(churn, 2)));
        AssertText(Marks, links.ToJson()!);

        var read = CatalogLinks.FromJson(JObject.Parse(Marks));
        AssertText(Marks, read.ToJson()!);
        read.Apply(new UnlinkAction(3, churn) { StoreId = "o" });
        Assert.Equal([new LinkMark(churn, 2)], read.Of(3));
        read.Apply(new UnlinkAction(3, churn));
        Assert.Null(read.ToJson());
    }

    [Fact]
    public void Relocate_action() =>
        AssertAction(
            new RelocateAction(3, PageLocation.Of(Root)),
            $$"""{"action":"relocate","version":3,"root":{{RootText}}}"""
        );

    [Fact]
    public void Edit_actions()
    {
        AssertAction(new EditAction(3), """{"action":"edit","version":3}""");
        AssertAction(
            new EditAction(3)
            {
                Description = "",
                Metadata = [],
                AddTags = [TagName.Parse("a")],
                RemoveTags = [TagName.Parse("b"), TagName.Parse("c")],
                ExpiresAt = At,
            },
            $$"""{"action":"edit","version":3,"description":"","metadata":{},"addTags":["a"],"removeTags":["b","c"],"expires":"{{Time}}"}"""
        );
        AssertAction(
            new EditAction(3) { ExpiresAt = EditAction.Never },
            """{"action":"edit","version":3,"expires":""}"""
        );
    }

    [Fact]
    public void Transaction_with_all_members()
    {
        var transaction = new CatalogTransaction
        {
            Number = 2,
            Id = "i",
            Name = ArtifactName.Parse("Mnist"),
            At = At,
            By = "u@m",
            RunId = RunId.Parse("r"),
            Previous = Parse(A),
            Actions = [new DeleteAction(0), new RemoveAliasAction(AliasName.Parse("x"))],
        };
        AssertRecord(
            $$"""{"number":2,"id":"i","name":"Mnist","at":"{{Time}}","by":"u@m","run":"r","previous":"{{A}}","actions":[{"action":"delete","version":0},{"action":"unalias","alias":"x"}]}""",
            transaction.Encode()
        );
    }

    [Fact]
    public void Checkpoint_has_one_version_a_line()
    {
        var state = new CatalogState(ArtifactName.Parse("Mnist"));
        state.Apply(
            new CatalogTransaction
            {
                Number = 1,
                Id = "i",
                Name = ArtifactName.Parse("Mnist"),
                At = At,
                By = "u@m",
                Previous = null,
                Actions = [new PublishAction(Smallest), new SetAliasAction(AliasName.Parse("prod"), 3)],
            },
            Parse(B)
        );
        AssertRecord(
            $$"""
            {"name":"Mnist","transaction":1,"digest":"{{B}}","nextVersion":4,"type":"dataset","aliases":{"latest":3,"prod":3},"live":"3","prefixes":"{{Prefix}}","pages":[],"versions":[
            {"version":3,"digest":"{{A}}","type":"dataset","at":"{{Time}}","by":"u@m","entries":2,"size":30,"root":{{RootText}}}
            ]}
            """.ReplaceLineEndings("\n"),
            state.EncodeCheckpoint()
        );
    }

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

    private static Digest Parse(string hex) =>
        Digest.TryParseHex(hex.AsSpan(), out var digest) ? digest : throw new ArgumentException(hex, nameof(hex));

    private static void AssertAction(CatalogAction action, string expected)
    {
        var record = new CatalogTransaction
        {
            Number = 1,
            Id = "i",
            Name = ArtifactName.Parse("n"),
            At = At,
            By = "u@m",
            Previous = null,
            Actions = [action],
        }.Encode();
        AssertRecord(
            $$"""{"number":1,"id":"i","name":"n","at":"{{Time}}","by":"u@m","actions":[{{expected}}]}""",
            record
        );
        // What was read is written as the same bytes.
        Assert.Equal(record, CatalogTransaction.Decode(SealedRecord.Decode(record)).Encode());
    }

    private static void AssertRecord(string expected, byte[] record) =>
        Assert.Equal(
            $$"""{"sha256":"{{Sha256.Of(Encoding.UTF8.GetBytes(expected)).Hex}}","body":{{expected}}}""" + "\n",
            Encoding.UTF8.GetString(record)
        );

    private static void AssertText(string expected, JObject json) =>
        Assert.Equal(expected, json.ToString(Formatting.None));

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

using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using Newtonsoft.Json.Linq;
using static ArtifactsPS.Core.Tests.Records.RecordSamples;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>The exact text of each action, transaction and checkpoint. Stores keep these bytes permanently.</summary>
public sealed class CatalogRecordFormatTests
{
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
}

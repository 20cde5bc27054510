using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Fuzzing;

/// <summary>A transaction with a valid checksum, applied after a valid one.</summary>
internal sealed class TransactionTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        var before = Samples.State();
        CatalogAction[][] transactions =
        [
            [new PublishAction(Samples.Record(1)), new SetAliasAction(AliasName.Parse("prod"), 1)],
            [new SetAliasAction(AliasName.Parse("beta"), 0), new RemoveAliasAction(AliasName.Parse("prod"))],
            [
                new EditAction(0)
                {
                    Description = "new",
                    Metadata = new JObject { ["a"] = 1.5, ["b"] = new JArray("c", 2) },
                    AddTags = [TagName.Parse("good")],
                    RemoveTags = [TagName.Parse("bad")],
                    ExpiresAt = DateTimeOffset.UnixEpoch,
                },
                new DeleteAction(0),
            ],
            [new RelocateAction(0, PageLocation.Of(Samples.Root('d')))],
            [new DeleteAction(0), new RestoreAction(Samples.Record(0))],
            [
                new EditArtifactAction { Description = "new", AddTags = [TagName.Parse("good")] },
                new RenameAction(
                    ArtifactName.Parse("n"),
                    3,
                    [AliasRule.Create(AliasName.Parse("prod"), TextPattern.Any) with { Number = 2, NoDelete = true }]
                ),
            ],
        ];
        return transactions.Select(actions => Samples.BodyOf(Samples.Transaction(before, actions).Encode()));
    }

    protected override void Process(byte[] input)
    {
        var record = Samples.Sealed(input);
        var transaction = CatalogTransaction.Decode(record);
        var state = Samples.State();
        state.Apply(transaction, record.Digest);
        Samples.Read(state);
        foreach (var action in transaction.Actions)
            _ = action.Summary + action.Concerns(0);
        // The accepted state can be written and read again.
        CatalogCheckpoint.Decode(SealedRecord.Decode(Samples.Encode(state)), Samples.Key, _ => new Samples.NoPages());
    }

    // RecordLog catches the same exceptions.
    protected override bool IsExpected(Exception e) =>
        e is InvalidDataException or OverflowException or ArgumentException;
}

/// <summary>A checkpoint with a valid checksum.</summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        var state = Samples.State();
        yield return Samples.BodyOf(Samples.Encode(state));
        state.Apply(
            Samples.Transaction(
                state,
                new PublishAction(Samples.Record(1)),
                new SetAliasAction(AliasName.Parse("prod"), 0)
            ),
            Samples.DigestOf('e')
        );
        yield return Samples.BodyOf(Samples.Encode(state));
    }

    protected override void Process(byte[] input) =>
        Samples.Read(CatalogCheckpoint.Decode(Samples.Sealed(input), Samples.Key, _ => new Samples.NoPages()));

    protected override bool IsExpected(Exception e) =>
        e is InvalidDataException or OverflowException or ObjectCorruptException;
}

/// <summary>Valid records for seeds and as predecessors.</summary>
internal static class Samples
{
    public static Digest DigestOf(char hex) =>
        Digest.TryParseHex(new string(hex, 2 * Digest.Length).AsSpan(), out var digest)
            ? digest
            : throw new ArgumentException("Not a hex digit.", nameof(hex));

    public static PageReference Root(char hex) =>
        new()
        {
            First = EntryPath.Parse("a"),
            Level = 0,
            Digest = DigestOf(hex),
            EntryCount = 2,
            TotalSize = 30,
            Location = new BlobLocation(new StoredObject(DigestOf('c')), 10),
            Length = 200,
        };

    public static VersionRecord Record(int number) =>
        new()
        {
            Number = number,
            Type = TypeName.Parse("data"),
            Root = Root((char)('a' + number)),
            CreatedAt = DateTimeOffset.UnixEpoch,
            CreatedBy = "me",
            Description = "text",
            Tags = [TagName.Parse("one"), TagName.Parse("two")],
        };

    public static CatalogTransaction Transaction(CatalogState state, params CatalogAction[] actions) =>
        new()
        {
            Number = state.LastTransaction + 1,
            Id = "id",
            Name = ArtifactName.Parse("m"),
            At = DateTimeOffset.UnixEpoch,
            By = "me",
            RunId = RunId.Parse("run"),
            Previous = state.LastDigest,
            Actions = actions,
        };

    public static ArtifactKey Key { get; } = ArtifactKey.Of(ArtifactName.Parse("m"));

    public static CatalogState State()
    {
        var state = new CatalogState(ArtifactName.Parse("m"));
        state.Apply(
            Transaction(state, new PublishAction(Record(0)), new SetAliasAction(AliasName.Parse("prod"), 0)),
            DigestOf('f')
        );
        return state;
    }

    public static SealedRecord Sealed(byte[] body) =>
        SealedRecord.Decode(SealedRecord.Encode(Encoding.UTF8.GetString(body)));

    public static byte[] BodyOf(byte[] record) => Encoding.UTF8.GetBytes(SealedRecord.Decode(record).Body);

    /// <summary>Reads all versions and aliases of a catalog.</summary>
    public static void Read(CatalogState state)
    {
        foreach (var record in state.ReadVersionsAsync(default).ToBlockingEnumerable())
        {
            _ = state.FindAllAsync(record.Digest, default).ToBlockingEnumerable().Count();
            _ = string.Join(' ', state.AliasesOf(record.Number));
        }
        _ = state.Type;
    }

    public static byte[] Encode(CatalogState state) =>
        CatalogCheckpoint.EncodeAsync(state, (_, _) => Task.CompletedTask, default).GetAwaiter().GetResult();

    /// <summary>Source of a checkpoint whose pages are missing, with a log that is missing too.</summary>
    public sealed class NoPages : StoredVersions.ISource
    {
        public Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken) =>
            Task.FromResult<SealedRecord?>(null);

        public Task<CatalogState> ReplayAsync(CancellationToken cancellationToken) =>
            throw new ObjectCorruptException("", "", "its page is missing");

        public Exception Contradiction(string fault) => new ObjectCorruptException("", "", fault);
    }
}

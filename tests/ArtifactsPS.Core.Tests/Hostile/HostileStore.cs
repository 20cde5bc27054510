using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Tests.Attestations;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;
using TestResult = ArtifactsPS.Core.Attestations.Evidence.TestResult;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Store with a record of each kind. Runs all operations on copies with a modified record.</summary>
internal sealed class HostileStore
{
    private static readonly ArtifactName Registry = ArtifactName.Parse("registry");

    private readonly MemoryObjectStore _good = new();

    private HostileStore() { }

    /// <summary>Keys of all records, sorted.</summary>
    public IReadOnlyList<string> Keys { get; private set; } = [];

    public static async Task<HostileStore> CreateAsync()
    {
        var hostile = new HostileStore();
        var store = await VersionStore.CreateAsync(hostile._good, Token);
        var journal = new RunJournal(store);
        await journal.StartAsync(NewRun("run-1"), Token);
        await journal.StartAsync(NewRun("run-2"), Token);
        await journal.StopAsync(RunId.Parse("run-1"), new RunEnding(RunOutcome.Failed, "It failed."), Token);
        var first = await PublishAsync(store, "m", "first");
        await new VersionLinker(first, Registry).LinkAsync([AliasName.Parse("prod")], null, null, Token);
        // Creates a checkpoint and later transactions.
        for (var i = 0; i < 16; i++)
        {
            await VersionEditor.SetAliasesAsync(first, [AliasName.Parse($"alias {i}")], RunId.Parse("run-1"), Token);
            await VersionEditor.EditAsync(first, Edit(first, i), RunId.Parse("run-1"), Token);
        }
        await PublishAsync(store, "m", "second");
        await PublishAsync(store, "m", "third");
        await VersionEditor.RemoveAliasAsync(first, AliasName.Parse("alias 1"), null, Token);
        await VersionEditor.DeleteAsync(await FindAsync(store, "m:v1"), evenIfInUse: true, null, Token);
        await new RunLinks(store).AddAsync(RunId.Parse("run-1"), first, RunRole.Output, Token);
        await new RunLinks(store).AddAsync(RunId.Parse("run-2"), first, RunRole.Input, Token);
        await AttestAsync(first);

        await PublishAsync(store, "based", "base");
        await ContributeAsync(store, "based", "open", "one", remove: true);
        await ContributeAsync(store, "based", "open", "two", remove: true);
        await ContributeAsync(store, "m", "done", "one", remove: false);
        await store.CompleteAsync("m", "done");
        hostile.Keys =
        [
            .. hostile
                ._good.Keys.Where(key => !key.StartsWith(StoreLayout.Objects, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        return hostile;
    }

    public string BodyOf(string key) => DerivedRecord.Decode(_good[key]).Body;

    public IEnumerable<string> AllKeys => _good.Keys;

    public byte[] BytesOf(string key) => _good[key];

    /// <summary>Runs all operations on a copy of the store in which a key has another value.</summary>
    public async Task UseAsync(string key, byte[] value)
    {
        var memory = new MemoryObjectStore();
        foreach (var name in _good.Keys)
            memory[name] = _good[name];
        memory[key] = value;
        await RenameAttestationAsync(memory, key);
        var store = await VersionStore.OpenAsync(memory, Token);
        var errors = new List<Exception?>();
        foreach (var operation in Operations)
            errors.Add(await Record.ExceptionAsync(() => operation(store)));
        // An undocumented error takes precedence.
        if (errors.OfType<Exception>().OrderBy(error => error is ArtifactsException).FirstOrDefault() is { } first)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    private static IEnumerable<Func<VersionStore, Task>> Operations =>
        [
            ReadCatalogsAsync,
            store => store.OpenCatalog(ArtifactName.Parse("m")).HistoryAsync(Token).ToListAsync(Token).AsTask(),
            ReadDistributedLogsAsync,
            ReadRunsAsync,
            ReadAttestationsAsync,
            UnlinkAsync,
            async store =>
                await VersionEditor.SetAliasesAsync(
                    await FindAsync(store, "m:v0"),
                    [AliasName.Parse("new")],
                    null,
                    Token
                ),
            async store => await VersionEditor.EditAsync(await FindAsync(store, "m"), Edit(null, 99), null, Token),
            store => PublishAsync(store, "m", "another"),
            store => ContributeAsync(store, "based", "open", "three", remove: true),
            store => store.CompleteAsync("based", "open", ConflictAction.LastWins),
            store => store.CompleteAsync("m", "done"),
            store =>
                new RunJournal(store).StopAsync(RunId.Parse("run-2"), new RunEnding(RunOutcome.Succeeded, null), Token),
        ];

    // An attacker names a modified record by its digest.
    private static async Task RenameAttestationAsync(MemoryObjectStore memory, string key)
    {
        if (StoreLayout.AttestationOf(key) is not { } place)
            return;
        try
        {
            await new AttestationStore(memory).AddAsync(place.Artifact, place.Version, memory[key], Token);
        }
        catch (InvalidDataException)
        {
            // Its checksum is wrong, so it stays under its name.
        }
    }

    private static async Task AttestAsync(PublishedVersion version)
    {
        var time = DateTimeOffset.UnixEpoch.AddYears(50);
        using var key = SignedStore.NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        using var certificate = SignedStore.NewCertificate("CN=Release", time, time.AddYears(50));
        using var certified = SigningKey.Of(certificate);
        await VersionSigner.SignAsync(version, key, time, Token);
        await VersionSigner.SignAsync(version, certified, time, Token);
        var result = new TestResult
        {
            Passed = 1,
            Failed = 1,
            Skipped = 1,
            FailedTests = ["a"],
            Duration = TimeSpan.FromSeconds(1.5),
        };
        await new EvidenceRecorder(new TrustPolicy()).AddAsync(version, result, certified, time, Token);
    }

    private static async Task ReadCatalogsAsync(VersionStore store)
    {
        await foreach (var state in store.ReadCatalogsAsync(_ => true, Token))
        foreach (var number in state.VersionNumbers)
        {
            var version = new PublishedVersion(store, state, state.Find(number)!);
            await version.PathsAsync();
            Assert.NotNull(version.Aliases);
            Assert.NotNull(state.Find(version.Record.Digest));
        }
    }

    private static async Task ReadDistributedLogsAsync(VersionStore store)
    {
        await foreach (var (name, ids) in DistributedLog.ListAsync(store, Token))
        foreach (var id in ids)
            await store.ReadDistributedAsync(name.ToString(), id.ToString());
    }

    private static async Task ReadAttestationsAsync(VersionStore store)
    {
        var version = await FindAsync(store, "m:v0");
        foreach (var signature in await new SignatureVerifier(new TrustPolicy()).VerifyAsync(version, Token))
            if (signature.Status != SignatureStatus.NotTrusted)
                throw new SignatureInvalidException("m:v0", signature.Status, signature.Message);
        foreach (var evidence in await new EvidenceRecorder(new TrustPolicy()).ListAsync(version, Token))
        {
            Assert.NotNull(evidence.Statement);
            Assert.NotNull(evidence.Summary);
            Assert.NotNull(evidence.FailedTests);
            Assert.True(evidence.Duration is null || evidence.Duration >= TimeSpan.Zero);
            Assert.True(evidence.Passed is not null || evidence.Type != EvidenceType.Test);
            Assert.True(evidence.Builder is null or "" || evidence.Type != EvidenceType.Test);
        }
    }

    private static async Task UnlinkAsync(VersionStore store)
    {
        var version = await store.FindAsync(ArtifactReference.To(Registry, 0), Token);
        Assert.NotEmpty(await new SignatureVerifier(new TrustPolicy()).VerifyAsync(version, Token));
        Assert.NotNull(await new LinkSearch(store).FindAsync(await FindAsync(store, "m:v0"), Token));
        var link = await VersionUnlinker.FindAsync(store, ArtifactReference.To(Registry, 0), Token);
        await VersionUnlinker.RemoveAsync(link, evenIfInUse: true, null, Token);
    }

    private static async Task ReadRunsAsync(VersionStore store)
    {
        await new RunJournal(store).ListAsync(Token).ToListAsync(Token);
        var start = await FindAsync(store, "m:v0");
        await new LineageWalker(store).WalkAsync(start, LineageDirection.Both, 10, Token);
    }

    private static EditAction Edit(PublishedVersion? version, int i) =>
        new(version?.Record.Number ?? 2)
        {
            Description = $"description {i}",
            Metadata = new JObject
            {
                ["accuracy"] = 0.5 + i,
                ["nested"] = new JObject { ["a"] = new JArray(1, "b") },
            },
            AddTags = [TagName.Parse($"tag {i}")],
            ExpiresAt = i % 2 == 0 ? DateTimeOffset.UnixEpoch.AddYears(200) : EditAction.Never,
        };

    private static RunRecord NewRun(string id) =>
        new()
        {
            Id = RunId.Parse(id),
            Name = "train",
            Group = "group",
            User = "me",
            Machine = "here",
            StartedAt = DateTimeOffset.UnixEpoch,
            Config = new JObject { ["epochs"] = 3 },
        };

    private static async Task<PublishedVersion> PublishAsync(VersionStore store, string name, string text)
    {
        await using var draft = ArtifactDraft.Begin(
            store,
            ArtifactName.Parse(name),
            TypeName.Parse("data"),
            [TagName.Parse("tag")]
        );
        draft.Description = text;
        draft.Metadata = new JObject { ["text"] = text };
        await draft.AddTextAsync("file", text);
        await draft.AddTextAsync("other", "other");
        return await Publisher.PublishAsync(
            draft,
            [AliasName.Parse("alias")],
            [TagName.Parse("tag")],
            RunId.Parse("run-1"),
            Token
        );
    }

    private static async Task ContributeAsync(
        VersionStore store,
        string name,
        string id,
        string contributor,
        bool remove
    )
    {
        var from = remove ? await FindAsync(store, name) : null;
        await using var draft = from is null
            ? ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), [])
            : ArtifactDraft.From(from);
        await draft.AddTextAsync(contributor, contributor);
        if (remove)
            await draft.RemoveAsync("other");
        await draft.ContributeAsync(id, contributor, "run-2");
    }

    private static Task<PublishedVersion> FindAsync(VersionStore store, string reference) =>
        store.FindAsync(ArtifactReference.Parse(reference), Token);
}

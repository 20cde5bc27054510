using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Storage;

/// <summary>
/// Whatever is asked of a store fails, one call after the other, in each way: it is told as what it is, what was
/// published before is as it was, and done again it succeeds.
/// </summary>
public sealed class FailingStoreTests : IDisposable
{
    private const int MaxOperations = 300;

    private readonly TemporaryFolder _folder = new();
    private int _restored;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, StoreFault> All =>
        [
            .. from command in Commands.Keys
            from fault in Enum.GetValues<StoreFault>()
            // Reading creates and deletes nothing.
            where fault != StoreFault.AnswerLost || command is not ("restore" or "verify" or "read")
            select (command, fault),
        ];

    // Each with what it may say when it is done again and was done already, without its answer having come through.
    private static Dictionary<string, Type?> Commands { get; } =
        new(StringComparer.Ordinal)
        {
            ["publish"] = null,
            ["contribute"] = null,
            ["complete"] = null,
            ["abandon"] = typeof(DistributedArtifactNotFoundException),
            ["alias"] = null,
            ["unalias"] = typeof(ArtifactVersionNotFoundException),
            ["set"] = null,
            ["delete"] = typeof(ArtifactVersionNotFoundException),
            ["run"] = null,
            ["restore"] = null,
            ["verify"] = null,
            ["read"] = null,
        };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Failed_operation_is_reported_and_succeeds_again(string command, StoreFault fault)
    {
        var good = await PrepareAsync();
        var expected = await DescribeAsync(await DoneAsync(Copy(good), command));
        var failures = 0;
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < MaxOperations, "It fails for ever.");
            var memory = Copy(good);
            var failing = new FailingObjectStore(memory, fault);
            failing.FailAt(operation);
            var failure = await Record.ExceptionAsync(async () =>
                await DoAsync(await VersionStore.OpenAsync(failing, Token), command)
            );
            if (!failing.HasFailed)
            {
                Assert.Null(failure);
                break;
            }
            if (failure is not null)
            {
                failures++;
                AssertTold(failure, fault);
            }
            await CheckEarlierAsync(memory);
            // A new process has no cached state.
            Assert.Equal(expected, await DescribeAsync(await DoneAsync(memory, command)));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{command}, {fault}: {failures} failures told");
        Assert.True(failures > 0, "Nothing failed.");
    }

    private static void AssertTold(Exception failure, StoreFault fault)
    {
        if (fault == StoreFault.Cancelled)
            Assert.IsAssignableFrom<OperationCanceledException>(failure);
        else
            Assert.IsType(
                fault == StoreFault.Full ? typeof(StoreFullException) : typeof(StoreUnavailableException),
                failure
            );
    }

    // Does it until it is done.
    private async Task<MemoryObjectStore> DoneAsync(MemoryObjectStore memory, string command)
    {
        try
        {
            await DoAsync(await VersionStore.OpenAsync(memory, Token), command);
        }
        catch (ArtifactsException e) when (e.GetType() == Commands[command])
        {
            // An earlier attempt completed the command.
        }
        return memory;
    }

    private Task DoAsync(VersionStore store, string command) =>
        command switch
        {
            "publish" => PublishAsync(store, "m", "2"),
            "contribute" => store.ContributeAsync("c", "id", "two", ("two", "2")),
            "complete" => store.CompleteAsync("c", "id"),
            "abandon" => new DistributedLog(store, ArtifactName.Parse("c"), DistributedId.Parse("id")).AbandonAsync(
                Token
            ),
            "alias" => OnVersionAsync(
                store,
                v => VersionEditor.SetAliasesAsync(v, [AliasName.Parse("prod")], null, Token)
            ),
            "unalias" => OnVersionAsync(
                store,
                v => VersionEditor.RemoveAliasAsync(v, AliasName.Parse("old"), null, Token)
            ),
            "set" => OnVersionAsync(store, v => VersionEditor.EditAsync(v, Edit, null, Token)),
            "delete" => OnVersionAsync(store, v => VersionEditor.DeleteAsync(v, true, null, Token)),
            "run" => RunAsync(store),
            "restore" => OnVersionAsync(store, RestoreAsync),
            "verify" => OnVersionAsync(store, VerifyAsync),
            "read" => ReadAsync(store),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };

    private static EditAction Edit =>
        new(1)
        {
            Description = "new",
            AddTags = [TagName.Parse("tag")],
            Metadata = new JObject { ["a"] = 1 },
        };

    private static async Task OnVersionAsync(VersionStore store, Func<PublishedVersion, Task> act) =>
        await act(await store.FindAsync(ArtifactReference.Parse("m:v1"), Token));

    private static async Task PublishAsync(VersionStore store, string name, string text)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), []);
        await draft.AddTextAsync("same", "same");
        await draft.AddTextAsync("text", text);
        await draft.PublishAsync();
    }

    private static async Task RunAsync(VersionStore store)
    {
        var journal = new RunJournal(store);
        var run = new RunRecord
        {
            Id = RunId.Parse("run"),
            Name = "run",
            User = "me",
            Machine = "here",
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        await journal.StartAsync(run, Token);
        await OnVersionAsync(store, v => new RunLinks(store).AddAsync(RunId.Parse("run"), v, RunRole.Input, Token));
        await journal.StopAsync(RunId.Parse("run"), new RunEnding(RunOutcome.Succeeded, null), Token);
    }

    // Whatever happens, a file is there whole or not at all.
    private async Task RestoreAsync(PublishedVersion version)
    {
        var destination = _folder[$"restored {_restored++}"];
        try
        {
            var results = new RestoreResults();
            var restorer = new FolderRestorer(
                version,
                destination,
                new RestoreOptions(),
                results,
                new TransferProgress()
            );
            await restorer.RestoreAsync(Token);
            Assert.Empty(results.Failures);
            Assert.Equal(2, results.Restored.Count);
        }
        finally
        {
            foreach (var file in Directory.Exists(destination) ? Directory.GetFiles(destination) : [])
                Assert.Equal(
                    Path.GetFileName(file) switch
                    {
                        "same" => "same",
                        "text" => "1",
                        var other => $"no {other}",
                    },
                    await File.ReadAllTextAsync(file, Token)
                );
        }
    }

    private static async Task VerifyAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(
            version.Store.Content,
            version.Manifest,
            findings,
            new TransferProgress()
        );
        await verifier.VerifyAsync(Token);
        Assert.Empty(findings);
    }

    private static async Task ReadAsync(VersionStore store)
    {
        Assert.Single(await store.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token));
        await OnVersionAsync(store, async v => Assert.Equal(["same", "text"], await v.PathsAsync()));
        Assert.Single(await DistributedLog.ListAsync(store, Token).ToListAsync(Token));
        Assert.Empty(await new RunJournal(store).ListAsync(Token).ToListAsync(Token));
    }

    private static async Task<MemoryObjectStore> PrepareAsync()
    {
        var memory = new MemoryObjectStore();
        var store = await VersionStore.CreateAsync(memory, Token);
        await PublishAsync(store, "m", "0");
        await PublishAsync(store, "m", "1");
        await OnVersionAsync(store, v => VersionEditor.SetAliasesAsync(v, [AliasName.Parse("old")], null, Token));
        await store.ContributeAsync("c", "id", "one", ("one", "1"));
        return memory;
    }

    private static async Task CheckEarlierAsync(MemoryObjectStore memory)
    {
        var store = await VersionStore.OpenAsync(memory, Token);
        var first = await store.FindAsync(ArtifactReference.Parse("m:v0"), Token);
        Assert.Equal("0", (await first.TextsAsync())["text"]);
        await VerifyAsync(first);
    }

    // What there is, but for times and ids drawn by chance.
    private static async Task<string> DescribeAsync(MemoryObjectStore memory)
    {
        var store = await VersionStore.OpenAsync(memory, Token);
        var lines = new List<string>();
        await foreach (var state in store.ReadCatalogsAsync(_ => true, Token))
        foreach (var number in state.VersionNumbers)
        {
            var record = state.Find(number)!;
            await VerifyAsync(new PublishedVersion(store, state, record));
            lines.Add(
                $"{state.Name} {number} {record.Digest} {string.Join(' ', state.AliasesOf(number))} "
                    + $"{record.Description} {record.Metadata} {string.Join(' ', record.Tags)}"
            );
        }
        var collaboration = await store.ReadDistributedAsync("c", "id");
        lines.Add($"{collaboration.Status} {collaboration.Version}");
        lines.AddRange(collaboration.Contributions.Select(item => item.Contributor).Distinct());
        await foreach (var run in new RunJournal(store).ListAsync(Token))
            lines.Add($"{run.Id} {run.Outcome}");
        foreach (var link in await new RunLinks(store).VersionsOfAsync(RunId.Parse("run"), RunRole.Input, Token))
            lines.Add(link.Reference);
        return string.Join('\n', lines);
    }

    private static MemoryObjectStore Copy(MemoryObjectStore from)
    {
        var copy = new MemoryObjectStore();
        foreach (var key in from.Keys)
            copy[key] = from[key];
        return copy;
    }
}

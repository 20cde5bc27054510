using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Catalogs.Histories;
using ArtifactsPS.Core.Tests.Hostile;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Catalogs.Rules;

/// <summary>
/// Moves of an alias beside changes of its rules. No move that a rule forbids is in a log after the rule, and none that begins after a
/// rule was put in force is committed. <c>ARTIFACTS_TEST_FUZZ_COUNT</c> multiplies the number of random histories.
/// </summary>
public sealed class AliasRuleRaceTests
{
    private const int Histories = 60;
    private const int MoreOperationsThanAnyCommand = 60;

    private static readonly AliasName Prod = AliasName.Parse("prod");

    private static readonly AliasRule Forbids = AliasRule.Create(Prod, TextPattern.Any) with
    {
        Tags = [TagName.Parse("reviewed")],
    };

    [Theory]
    [InlineData("set")]
    [InlineData("publish")]
    [InlineData("first version")]
    [InlineData("first version, purged")]
    public async Task Move_paused_at_any_operation_obeys_a_new_rule(string command)
    {
        var paused = 0;
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync();
            var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
            var moving = Task.Run(() => TryMoveAsync(stepping, command), Token);
            if (await Task.WhenAny(stepping.Stopped, moving) == moving)
            {
                Assert.True(await moving);
                break;
            }
            paused++;
            if (command.EndsWith("purged", StringComparison.Ordinal))
                await OpenIntents.CloseAsync(store.Versions, Token);
            await ProtectAsync(store.Memory);
            var isCommitted = (await MovesAsync(store.Memory, NameOf(command))).Count > 0;
            stepping.Resume();

            // What was committed before the rule was in force stays, and nothing else is committed.
            Assert.Equal(isCommitted, await moving);
            await AssertObeyedAsync(store.Memory, NameOf(command));
        }
        Assert.InRange(paused, 5, MoreOperationsThanAnyCommand - 1);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("publish")]
    [InlineData("first version")]
    public async Task Rule_paused_at_any_operation_is_in_force_when_done(string command)
    {
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync();
            var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
            var protecting = Task.Run(() => ProtectAsync(stepping), Token);
            if (await Task.WhenAny(stepping.Stopped, protecting) == protecting)
            {
                Assert.InRange(stopAt, 5, MoreOperationsThanAnyCommand - 1);
                return;
            }
            await TryMoveAsync(store.Memory, command);
            stepping.Resume();
            await protecting;

            await AssertObeyedAsync(store.Memory, NameOf(command));
            Assert.False(await TryMoveAsync(store.Memory, command, "later"));
        }
        Assert.Fail("The command never ended.");
    }

    [Fact]
    public async Task Older_rule_does_not_replace_its_removal()
    {
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync();
            var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
            var protecting = Task.Run(() => ProtectAsync(stepping), Token);
            if (await Task.WhenAny(stepping.Stopped, protecting) == protecting)
                return;
            var editor = new AliasRuleEditor(store.Versions);
            if ((await editor.ReadAsync(Token)).Count > 0)
            {
                await editor.UnprotectAsync(Prod, TextPattern.Any, null, Token);
                Assert.True(await TryMoveAsync(store.Memory, "first version"));
            }
            stepping.Resume();
            await protecting;

            foreach (var name in new[] { "net", "new" })
                Assert.Equal(
                    (await editor.ReadAsync(Token)).Count,
                    (await CatalogOf(store.Memory, name).ReadAsync(Token)) is { LastTransaction: > 0 } state
                        ? state.Rules.Count
                        : (await editor.ReadAsync(Token)).Count
                );
        }
        Assert.Fail("The command never ended.");
    }

    [Fact]
    public async Task Random_histories_obey_rules()
    {
        var refused = 0;
        for (var seed = 1; seed <= Histories * Fuzzing.Factor; seed++)
        {
            var store = await BeginAsync();
            var turns = new Turns(seed);
            var (protectedAt, clock) = (int.MaxValue, 0);
            var late = new List<string>();
            await turns.RunAsync([
                async () =>
                {
                    await ProtectAsync(new TurnTakingObjectStore(store.Memory, turns, 0, losesAnswers: false));
                    protectedAt = ++clock;
                },
                () => MoveAllAsync(1, ["set", "first version", "set"]),
                () => MoveAllAsync(2, ["first version", "publish", "set", "publish"]),
            ]);

            Assert.True(late.Count == 0, $"Seed {seed}: {string.Join(", ", late)} began after the rule.");
            await AssertObeyedAsync(store.Memory, "net");
            await AssertObeyedAsync(store.Memory, "new");

            async Task MoveAllAsync(int client, string[] commands)
            {
                var objects = new TurnTakingObjectStore(store.Memory, turns, client, losesAnswers: false);
                for (var i = 0; i < commands.Length; i++)
                {
                    var begun = ++clock;
                    if (!await TryMoveAsync(objects, commands[i], $"{client} {i}"))
                        refused++;
                    else if (begun > protectedAt)
                        late.Add(commands[i]);
                }
            }
        }
        Assert.InRange(refused, Histories / 4, int.MaxValue);
    }

    private static string NameOf(string command) =>
        command.StartsWith("first", StringComparison.Ordinal) ? "new" : "net";

    private static async Task<TestStore> BeginAsync()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("net", ("file", "0"));
        await store.PublishAsync("net", ("file", "1"));
        return store;
    }

    private static async Task ProtectAsync(IObjectStore objects) =>
        await new AliasRuleEditor(await VersionStore.OpenAsync(objects, Token)).ProtectAsync(Forbids, null, Token);

    // Returns false for a refusal.
    private static async Task<bool> TryMoveAsync(IObjectStore objects, string command, string content = "2")
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        try
        {
            if (command == "set")
            {
                // Setting the alias where it is would be no move.
                var state = await store.ReadCatalogAsync(ArtifactName.Parse("net"), Token);
                var number = state.Aliases.TryGetValue(Prod, out var holder) && holder == 0 ? 1 : 0;
                var version = await store.FindAsync(state, ArtifactReference.To(state.Name, number), Token);
                await VersionEditor.SetAliasesAsync(version, [Prod], null, Token);
                return true;
            }
            var name = ArtifactName.Parse(NameOf(command));
            await using var draft = ArtifactDraft.Begin(store, name, TypeName.Parse("model"), []);
            await draft.AddTextAsync("file", content);
            await draft.PublishAsync("prod");
            return true;
        }
        catch (AliasProtectedException)
        {
            return false;
        }
    }

    private static Catalog CatalogOf(IObjectStore objects, string name) => new(objects, ArtifactName.Parse(name));

    private static async Task<List<SetAliasAction>> MovesAsync(IObjectStore objects, string name)
    {
        var moves = new List<SetAliasAction>();
        await foreach (var transaction in CatalogOf(objects, name).HistoryAsync(Token))
            moves.AddRange(transaction.Actions.OfType<SetAliasAction>());
        return moves;
    }

    // No version has the tag, so each move after the rule violates it.
    private static async Task AssertObeyedAsync(IObjectStore objects, string name)
    {
        var isProtected = false;
        await foreach (var transaction in CatalogOf(objects, name).HistoryAsync(Token))
        foreach (var action in transaction.Actions)
        {
            isProtected |= action is ProtectAliasAction;
            Assert.False(
                isProtected && action is SetAliasAction,
                $"Transaction {transaction.Number} violates the rule."
            );
        }
    }
}

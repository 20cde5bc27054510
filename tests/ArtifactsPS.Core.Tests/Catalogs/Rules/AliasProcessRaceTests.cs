using System.Globalization;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Storage.Remote;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Catalogs.Rules;

/// <summary>
/// Two processes that move one alias from the version that has it, while one of them changes the rule for it. All moves in the log are
/// those that the processes made, and none violates the rule. <c>ARTIFACTS_TEST_RACES</c> is the number of moves that each process
/// tries.
/// </summary>
public sealed class AliasProcessRaceTests
{
    private const string Variable = "ARTIFACTS_TEST_RACES";
    private static readonly AliasName Prod = AliasName.Parse("prod");

    public static TheoryData<string> Schemes => ["", .. StoreFixtures.Remote.Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Schemes))]
    public async Task Processes_move_alias_as_rule_and_expectation_allow(string scheme)
    {
        Assert.SkipWhen(StoreFixtures.Of(scheme).SkipReason is not null, StoreFixtures.Of(scheme).SkipReason ?? "");
        var rounds = Environment.GetEnvironmentVariable(Variable) ?? "20";
        var location = await TestServers.LocationAsync(scheme);
        var store = await VersionStore.CreateAsync(StoreLocation.Open(location), Token);
        await PrepareAsync(store);

        using var first = WriterProcess.Start("race", location, "net", $"rounds={rounds}", "rules=1");
        using var second = WriterProcess.Start("race", location, "net", $"rounds={rounds}");
        var endings = await Task.WhenAll(first.RunAsync(), second.RunAsync());

        var results = endings.Select(ending => ending.ShouldSucceed().Result.Split(';')).ToList();
        var made = results.SelectMany(result => result[0].Split(',', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var (logged, violations) = await ReadAsync(store);
        Assert.Empty(violations);
        Assert.Equal(made.Order(StringComparer.Ordinal), logged.Order(StringComparer.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"'{scheme}': {2 * int.Parse(rounds, CultureInfo.InvariantCulture)} attempts, {made.Count} moves, "
                + $"{results.Sum(result => int.Parse(result[1], CultureInfo.InvariantCulture))} denied, "
                + $"{results.Sum(result => int.Parse(result[2], CultureInfo.InvariantCulture))} refused"
        );
    }

    // The first two versions have the tag that the rule requires.
    private static async Task PrepareAsync(VersionStore store)
    {
        for (var i = 0; i < 4; i++)
        {
            await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("net"), TypeName.Parse("model"), []);
            await draft.AddTextAsync("file", $"{i}");
            await Publisher.PublishAsync(
                draft,
                i == 0 ? [Prod] : [],
                i < 2 ? [TagName.Parse("reviewed")] : [],
                null,
                Token
            );
        }
    }

    // Returns the moves after the preparation, each from the version that had the alias, and those that violate the rule.
    private static async Task<(List<string> Moves, List<long> Violations)> ReadAsync(VersionStore store)
    {
        var (holder, isProtected) = (0, false);
        var moves = new List<string>();
        var violations = new List<long>();
        await foreach (var transaction in store.OpenCatalog(ArtifactName.Parse("net")).HistoryAsync(Token))
        foreach (var action in transaction.Actions)
            switch (action)
            {
                case ProtectAliasAction:
                    isProtected = true;
                    break;
                case UnprotectAliasAction:
                    isProtected = false;
                    break;
                case SetAliasAction set when transaction.Number > 1:
                    if (isProtected && set.Version > 1)
                        violations.Add(transaction.Number);
                    moves.Add(string.Create(CultureInfo.InvariantCulture, $"{holder}>{set.Version}"));
                    holder = set.Version;
                    break;
            }
        return (moves, violations);
    }
}

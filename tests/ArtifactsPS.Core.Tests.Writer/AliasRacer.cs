using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer;

/// <summary>Moves the alias <c>prod</c> among the versions of an artifact, each time from the version that has it, while another
/// process does the same.</summary>
internal sealed class AliasRacer(IObjectStore objects, string name, bool changesRules)
{
    private const int RoundsPerRule = 5;
    private static readonly AliasName Prod = AliasName.Parse("prod");

    /// <returns>The moves that were made, as <c>2&gt;0,0&gt;3</c>, then the numbers of those that were denied and refused.</returns>
    public async Task<string> RunAsync(int rounds)
    {
        var store = await VersionStore.OpenAsync(objects, default);
        var editor = new AliasRuleEditor(store);
        var moves = new List<string>();
        var (denied, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            if (changesRules && round % RoundsPerRule == 0)
                await ChangeRuleAsync(editor, round / RoundsPerRule % 2 == 0);
            var state = await store.ReadCatalogAsync(ArtifactName.Parse(name), default);
            var from = state.Aliases[Prod];
            var to = (from + 1 + Random.Shared.Next(state.VersionCount - 1)) % state.VersionCount;
            var version = await store.FindAsync(state, ArtifactReference.To(state.Name, to), default);
            try
            {
                await VersionEditor.SetAliasesAsync(version, [Prod], new AliasExpectation(from), null, default);
                moves.Add(string.Create(CultureInfo.InvariantCulture, $"{from}>{to}"));
            }
            catch (AliasMovedException)
            {
                denied++;
            }
            catch (AliasProtectedException)
            {
                refused++;
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', moves)};{denied};{refused}");
    }

    private static async Task ChangeRuleAsync(AliasRuleEditor editor, bool protects)
    {
        var rule = AliasRule.Create(Prod, TextPattern.Any) with { Tags = [TagName.Parse("reviewed")] };
        if (protects)
            await editor.ProtectAsync(rule, null, default);
        else
            await editor.UnprotectAsync(Prod, TextPattern.Any, null, default);
    }
}

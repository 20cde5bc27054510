using System.Text;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Rules of one artifact after replaying its transactions, and the refusals that were recorded.</summary>
internal sealed class CatalogRules
{
    /// <summary>Number of refusals that are recorded for an alias until it moves or its rules change.</summary>
    public const int MaxRefusals = 16;

    private const int KeyLength = 16;

    private readonly List<AliasRule> _rules = [];
    private readonly Dictionary<AliasName, List<string>> _refusals = [];

    /// <summary>Rules in force, in the order of their numbers.</summary>
    public IReadOnlyList<AliasRule> Rules => _rules;

    /// <summary>Highest number of a rule's record that the transactions contain; 0 for none.</summary>
    public long LastNumber { get; private set; }

    private bool IsEmpty => LastNumber == 0 && _refusals.Count == 0;

    /// <exception cref="InvalidDataException">A later rule was applied before.</exception>
    public void Apply(ProtectAliasAction action)
    {
        MoveTo(action.Rule.Number);
        Remove(action.Rule.Alias, action.Rule.Artifacts);
        _rules.Add(action.Rule);
    }

    /// <exception cref="InvalidDataException">A later rule was applied before.</exception>
    public void Apply(UnprotectAliasAction action)
    {
        MoveTo(action.Number);
        Remove(action.Alias, action.Artifacts);
    }

    /// <summary>Puts the rules for a new name in force.</summary>
    /// <exception cref="InvalidDataException">A rule is in force already.</exception>
    public void Apply(RenameAction rename)
    {
        foreach (var rule in rename.Rules)
        {
            if (rule.Number == 0 || _rules.Exists(other => other.Number == rule.Number))
                throw new InvalidDataException($"rule {rule.Number} is in force already");
            Remove(rule.Alias, rule.Artifacts);
            _rules.Add(rule);
            LastNumber = Math.Max(LastNumber, rule.Number);
        }
        _rules.Sort((left, right) => left.Number.CompareTo(right.Number));
        LastNumber = Math.Max(LastNumber, rename.LastRule);
    }

    /// <param name="by">Author of the refused transaction.</param>
    public void Apply(RefuseAliasAction action, string by)
    {
        if (!_refusals.TryGetValue(action.Alias, out var keys))
            _refusals.Add(action.Alias, keys = []);
        keys.Add(KeyOf(action, by));
    }

    /// <summary>Forgets the refusals of an alias that moves.</summary>
    public void Forget(AliasName alias) => _refusals.Remove(alias);

    /// <summary>Whether to record a refusal. An equal one is recorded once, and a number of them for each alias, so that a loop
    /// of attempts doesn't fill the log.</summary>
    public bool Records(RefuseAliasAction action, string by) =>
        !_refusals.TryGetValue(action.Alias, out var keys)
        || keys.Count < MaxRefusals && !keys.Contains(KeyOf(action, by));

    /// <summary>Writes the rules as a member of a checkpoint, if there are any.</summary>
    public JObject? ToJson() =>
        IsEmpty
            ? null
            : new JObject
            {
                ["last"] = LastNumber,
                ["rules"] = new JArray(_rules.Select(rule => RecordFields.Write(AliasRule.Map, rule))),
                ["refused"] = new JObject(
                    _refusals.Select(item => new JProperty(item.Key.ToString(), new JArray(item.Value)))
                ),
            };

    /// <exception cref="InvalidDataException">A member is missing or invalid.</exception>
    public static CatalogRules FromJson(JObject? json)
    {
        var rules = new CatalogRules();
        if (json is null)
            return rules;
        foreach (var item in json.Required<JArray>("rules"))
            rules.Apply(
                new ProtectAliasAction(
                    RecordFields.Read<AliasRule>(
                        AliasRule.Map,
                        item as JObject ?? throw new InvalidDataException("'rules' is invalid")
                    )
                )
            );
        foreach (var item in json.Required<JObject>("refused").Properties())
            rules._refusals.Add(
                AliasName.TryParse(item.Name, out var alias)
                    ? alias
                    : throw new InvalidDataException("'refused' is invalid"),
                [
                    .. (item.Value as JArray ?? throw new InvalidDataException("'refused' is invalid")).Select(key =>
                        $"{key}"
                    ),
                ]
            );
        var last = json.RequiredNumber("last");
        rules.LastNumber = last >= rules.LastNumber ? last : throw new InvalidDataException("'last' is invalid");
        return rules;
    }

    private void MoveTo(long number) =>
        LastNumber =
            number > LastNumber
                ? number
                : throw new InvalidDataException($"rule {number} comes after rule {LastNumber}");

    private void Remove(AliasName alias, TextPattern artifacts)
    {
        _rules.RemoveAll(rule => rule.IsFor(alias, artifacts));
        Forget(alias);
    }

    private static string KeyOf(RefuseAliasAction action, string by) =>
        Sha256
            .Of(Encoding.UTF8.GetBytes($"{by}\n{action.Version}\n{string.Join("\n", action.Reasons)}"))
            .Hex.Substring(0, KeyLength);
}

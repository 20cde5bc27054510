using System.Globalization;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>Simple sequential model of a catalog, in memory.</summary>
internal sealed class ModelCatalog
{
    private const string Latest = "latest";
    private static readonly StringComparer IgnoringCase = StringComparer.OrdinalIgnoreCase;

    private readonly SortedDictionary<int, Version> _versions = [];
    private readonly Dictionary<string, int> _aliases = new(IgnoringCase);
    private int _next;

    public sealed record Version(int Content, string? Description, string[] Tags, string Expiry);

    public ModelCatalog Copy()
    {
        var copy = new ModelCatalog { _next = _next };
        foreach (var (number, version) in _versions)
            copy._versions.Add(number, version);
        foreach (var (alias, number) in _aliases)
            copy._aliases.Add(alias, number);
        return copy;
    }

    public string Publish(int content, string? description, string[] aliases, bool keepsLatest)
    {
        var live = _versions
            .Where(item => item.Value.Content == content && !IsExpired(item.Key))
            .Select(item => (int?)item.Key)
            .LastOrDefault();
        if (live is null)
        {
            _versions.Add(_next, new Version(content, description, [], ""));
            live = _next++;
            keepsLatest = false;
            Put(Latest, live.Value);
        }
        else if (!keepsLatest)
            PutUnlessSet(Latest, live.Value);
        foreach (var alias in aliases.Distinct(IgnoringCase))
            PutUnlessSet(alias, live.Value);
        return Describe(live.Value);
    }

    public string SetAlias(int number, string alias)
    {
        if (!_versions.ContainsKey(number))
            return CatalogCall.NotFound;
        PutUnlessSet(alias, number);
        return Describe(number);
    }

    public string RemoveAlias(int number, string alias)
    {
        if (!_versions.ContainsKey(number) || !_aliases.TryGetValue(alias, out var current) || current != number)
            return CatalogCall.NotFound;
        _aliases.Remove(alias);
        return Describe(number);
    }

    public string Edit(int number, string? description, string? addTag, string? removeTag, string? expiry)
    {
        if (!_versions.TryGetValue(number, out var version))
            return CatalogCall.NotFound;
        var tags = version.Tags.ToList();
        if (addTag is not null && !tags.Contains(addTag, IgnoringCase))
            tags.Add(addTag);
        tags.RemoveAll(tag => IgnoringCase.Equals(tag, removeTag));
        _versions[number] = version with
        {
            Description = description ?? version.Description,
            Tags = [.. tags],
            Expiry = expiry ?? version.Expiry,
        };
        return Describe(number);
    }

    public string Delete(int number, bool evenIfInUse)
    {
        if (!_versions.ContainsKey(number))
            return CatalogCall.NotFound;
        if (!evenIfInUse && HasOtherAlias(number))
            return CatalogCall.InUse;
        return Delete([number]);
    }

    public string DeleteOlder(int keepCount, int[] chosen) =>
        Delete([
            .. _versions.Keys.SkipLast(keepCount).Where(number => chosen.Contains(number) && !HasOtherAlias(number)),
        ]);

    public string DeleteExpired() => Delete([.. _versions.Keys.Where(IsExpired)]);

    public string Read() =>
        string.Create(CultureInfo.InvariantCulture, $"next {_next}; ")
        + string.Join("; ", _versions.Keys.Select(Describe));

    /// <summary>Describes a version in one line.</summary>
    public static string Describe(int number, Version version, IEnumerable<string> aliases) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"v{number} c{version.Content} '{version.Description}' [{string.Join(' ', version.Tags)}] {version.Expiry} "
        ) + string.Join(' ', aliases);

    private bool IsExpired(int number) => _versions[number].Expiry == CatalogCall.Past && !HasOtherAlias(number);

    private string Describe(int number) =>
        Describe(
            number,
            _versions[number],
            _aliases
                .Where(alias => alias.Value == number)
                .Select(alias => alias.Key)
                .OrderBy(alias => alias != Latest)
                .ThenBy(alias => alias, IgnoringCase)
        );

    private bool HasOtherAlias(int number) => _aliases.Any(alias => alias.Value == number && alias.Key != Latest);

    private string Delete(int[] numbers)
    {
        foreach (var number in numbers)
        {
            _versions.Remove(number);
            foreach (var alias in _aliases.Where(alias => alias.Value == number).Select(alias => alias.Key).ToList())
                _aliases.Remove(alias);
            if (_versions.Count > 0 && !_aliases.ContainsKey(Latest))
                Put(Latest, _versions.Keys.Last());
        }
        return string.Join(' ', numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"v{number}")));
    }

    // An alias that is already on the version keeps its spelling.
    private void PutUnlessSet(string alias, int number)
    {
        if (!_aliases.TryGetValue(alias, out var current) || current != number)
            Put(alias, number);
    }

    private void Put(string alias, int number)
    {
        _aliases.Remove(alias);
        _aliases.Add(alias, number);
    }
}

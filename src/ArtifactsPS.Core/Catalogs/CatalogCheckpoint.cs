using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// State of a catalog after a transaction, so that readers need not replay the log from its beginning. A checkpoint is
/// derived: if it is missing or damaged, the log is read instead.
/// <para>A checkpoint is a JSON document with a head, the pages of older versions, and some versions of its own, one a line. The
/// head has the numbers of all live versions, and 32 bits of each digest. So it answers without a page which versions exist,
/// and whether one may have a certain content.</para>
/// </summary>
internal static class CatalogCheckpoint
{
    /// <summary>Number of transactions between checkpoints.</summary>
    public const int Interval = 32;

    // A checkpoint's own versions above this length in characters are moved to pages.
    private const int MaxOwnLength = 64 << 10;
    private const int PrefixLength = 4;
    private const string VersionsOpen = ",\"versions\":[\n";
    private const string VersionsClose = "\n]}";

    /// <summary>Encodes a state.</summary>
    /// <param name="save">Saves the bytes of a new page.</param>
    public static async Task<byte[]> EncodeAsync(
        CatalogState state,
        Func<VersionPage, byte[], Task> save,
        CancellationToken cancellationToken
    )
    {
        var table = state.Versions;
        var lines = new SortedDictionary<int, string>();
        foreach (var number in table.StoredNumbers)
            if (table.IsChanged(number))
                lines.Add(
                    number,
                    VersionPage.ToLine((await table.FindAsync(number, cancellationToken).ConfigureAwait(false))!)
                );
            else if (table.Stored.Lines.TryGetValue(number, out var line))
                lines.Add(number, line);
        foreach (var record in table.Added)
            lines.Add(record.Number, VersionPage.ToLine(record));
        var pages = table.Stored.Pages;
        if (lines.Count > VersionPage.MaxCount || lines.Values.Sum(line => (long)line.Length) > MaxOwnLength)
        {
            var writer = new VersionPageWriter(save);
            lines = await writer.MoveAsync(table, lines, MaxOwnLength, cancellationToken).ConfigureAwait(false);
            pages = writer.Pages;
        }
        var head = HeadOf(state, pages).ToString(Formatting.None);
        return SealedRecord.Encode(
            new StringBuilder(head, 0, head.Length - 1, head.Length)
                .Append(VersionsOpen)
                .Append(VersionPage.Join(lines.Values))
                .Append(VersionsClose)
                .ToString()
        );
    }

    /// <param name="key">Key of the artifact.</param>
    /// <param name="source">Creates the reader of the pages, from the number of the checkpoint's transaction.</param>
    /// <exception cref="InvalidDataException">The record is not a checkpoint.</exception>
    public static CatalogState Decode(SealedRecord record, ArtifactKey key, Func<long, StoredVersions.ISource> source)
    {
        var body = record.Body;
        var head = HeadOf(body, out var start);
        var aliases = new Dictionary<AliasName, int>();
        var named = head.Required<JObject>("aliases");
        foreach (var alias in named.Properties())
            aliases[AliasOf(alias.Name)] = (int)named.RequiredNumber(alias.Name, int.MaxValue);

        var prefixes = PrefixesOf(head.RequiredText("prefixes"));
        var numbers = NumbersOf(head.RequiredText("live"), prefixes.Length);
        var next = head.RequiredNumber("nextVersion", int.MaxValue);
        if (numbers.Length > 0 && next <= numbers[numbers.Length - 1])
            throw new InvalidDataException($"the next version, v{next}, exists already");
        var lines = new Dictionary<int, string>();
        foreach (var (number, line) in VersionPage.Split(body, start, body.Length - VersionsClose.Length))
            lines.Add(number, line);
        var transaction = head.RequiredNumber("transaction");
        var versions = new StoredVersions(numbers, prefixes, PagesOf(head), lines, source(transaction));
        return new CatalogState(
            key,
            NamesOf(head, key),
            numbers.Length > 0 ? TypeOf(head.RequiredText("type")) : null,
            new VersionTable(versions),
            aliases,
            CatalogRules.FromJson(head["rules"] as JObject),
            CatalogLinks.FromJson(head["links"] as JObject)
        )
        {
            LastTransaction = transaction,
            LastDigest = head.RequiredDigest("digest"),
            NextVersion = (int)next,
            LeadsTo = head["leadsTo"] is null ? null : KeyOf(head.RequiredText("leadsTo")),
            Description = head["description"] is null ? null : head.RequiredText("description"),
            Tags = TextsOf(head, "tags").ConvertAll(TagOf),
        };
    }

    /// <summary>Pages that a checkpoint refers to.</summary>
    /// <exception cref="InvalidDataException">The record is not a checkpoint.</exception>
    public static IReadOnlyList<VersionPage> PagesOf(SealedRecord record) => PagesOf(HeadOf(record.Body, out _));

    private static JObject HeadOf(CatalogState state, IReadOnlyList<VersionPage> pages)
    {
        var table = state.Versions;
        var head = new JObject
        {
            ["name"] = state.Name.ToString(),
            ["transaction"] = state.LastTransaction,
            ["digest"] = state.LastDigest!.Value.Hex,
            ["nextVersion"] = state.NextVersion,
        };
        if (state.FormerNames.Count > 0)
            head["formerNames"] = new JArray(state.FormerNames.Select(name => name.ToString()));
        if (state.LeadsTo is { } owner)
            head["leadsTo"] = owner.ToString();
        if (state.Description is { } description)
            head["description"] = description;
        if (state.Tags.Count > 0)
            head["tags"] = new JArray(state.Tags.Select(tag => tag.ToString()));
        if (state.Type is { } type)
            head["type"] = type.ToString();
        head["aliases"] = new JObject(state.Aliases.Select(alias => new JProperty(alias.Key.ToString(), alias.Value)));
        if (state.RuleState.ToJson() is { } rules)
            head["rules"] = rules;
        if (state.Links.ToJson() is { } links)
            head["links"] = links;
        head["live"] = RangesOf(table.Numbers);
        head["prefixes"] = EncodePrefixes(table);
        head["pages"] = new JArray(
            pages.Select(page => new JObject
            {
                ["first"] = page.First,
                ["last"] = page.Last,
                ["count"] = page.Count,
                ["sha256"] = page.Digest.Hex,
            })
        );
        return head;
    }

    // Start: index of the first line.
    private static JObject HeadOf(string body, out int start)
    {
        var open = body.IndexOf(VersionsOpen, StringComparison.Ordinal);
        if (open < 0 || !body.EndsWith(VersionsClose, StringComparison.Ordinal))
            throw new InvalidDataException("it does not have the lines of a checkpoint");
        start = open + VersionsOpen.Length;
        return SealedRecord.Parse(body.Substring(0, open) + "}");
    }

    private static IReadOnlyList<VersionPage> PagesOf(JObject head)
    {
        var pages = new List<VersionPage>();
        foreach (var item in head.Required<JArray>("pages"))
        {
            var json = item as JObject ?? throw new InvalidDataException("'pages' is invalid");
            var page = new VersionPage(
                (int)json.RequiredNumber("first", int.MaxValue),
                (int)json.RequiredNumber("last", int.MaxValue),
                (int)json.RequiredNumber("count", int.MaxValue),
                json.RequiredDigest("sha256")
            );
            if (page.Last < page.First || pages.Count > 0 && page.First <= pages[pages.Count - 1].Last)
                throw new InvalidDataException("'pages' is not in order");
            pages.Add(page);
        }
        return pages;
    }

    // "0-4,7": versions are rarely deleted, so that ranges are short.
    private static string RangesOf(IEnumerable<int> numbers)
    {
        var text = new StringBuilder();
        var (first, last) = (-1, -1);
        foreach (var number in numbers)
        {
            if (first >= 0 && number == last + 1)
            {
                last = number;
                continue;
            }
            Append();
            (first, last) = (number, number);
        }
        Append();
        return text.ToString();

        void Append()
        {
            if (first < 0)
                return;
            text.Append(text.Length > 0 ? "," : "").Append(first.ToString(CultureInfo.InvariantCulture));
            if (last > first)
                text.Append('-').Append(last.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static int[] NumbersOf(string ranges, int count)
    {
        var numbers = new List<int>(count);
        foreach (var range in ranges.Length == 0 ? [] : ranges.Split(','))
        {
            var ends = range.Split('-');
            if (
                ends.Length > 2
                || !TryParse(ends[0], out var first)
                || !TryParse(ends[ends.Length - 1], out var last)
                || last < first
                || numbers.Count > 0 && first <= numbers[numbers.Count - 1]
                // Few bytes can claim many numbers.
                || last - first >= count - numbers.Count
            )
                throw new InvalidDataException("'live' is invalid");
            for (var number = first; number <= last; number++)
                numbers.Add(number);
        }
        return numbers.Count == count
            ? numbers.ToArray()
            : throw new InvalidDataException("'live' does not match 'prefixes'");

        static bool TryParse(string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string EncodePrefixes(VersionTable table)
    {
        var bytes = new byte[PrefixLength * table.Count];
        var at = 0;
        foreach (var prefix in table.Prefixes)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), prefix);
            at += PrefixLength;
        }
        return Convert.ToBase64String(bytes);
    }

    private static uint[] PrefixesOf(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("'prefixes' is invalid", e);
        }
        if (bytes.Length % PrefixLength != 0)
            throw new InvalidDataException("'prefixes' is invalid");
        var prefixes = new uint[bytes.Length / PrefixLength];
        for (var i = 0; i < prefixes.Length; i++)
            prefixes[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(PrefixLength * i));
        return prefixes;
    }

    private static AliasName AliasOf(string text) =>
        AliasName.TryParse(text, out var alias) ? alias : throw new InvalidDataException($"'{text}' is not an alias");

    private static ArtifactNames NamesOf(JObject head, ArtifactKey key)
    {
        var former = TextsOf(head, "formerNames").ConvertAll(NameOf);
        var names = new ArtifactNames(former, NameOf(head.RequiredText("name")));
        return names.Contains(key) ? names : throw new InvalidDataException($"it is that of '{names.Current}'");
    }

    private static List<string> TextsOf(JObject head, string member) =>
        head[member] is null
            ? []
            :
            [
                .. head.Required<JArray>(member)
                    .Select(item =>
                        item.Type == JTokenType.String
                            ? (string)item!
                            : throw new InvalidDataException($"'{member}' is invalid")
                    ),
            ];

    private static ArtifactName NameOf(string text) =>
        ArtifactName.TryParse(text, out var name) ? name : throw new InvalidDataException("'name' is invalid");

    private static ArtifactKey KeyOf(string text) =>
        ArtifactKey.TryParse(text, out var key) ? key : throw new InvalidDataException("'leadsTo' is invalid");

    private static TagName TagOf(string text) =>
        TagName.TryParse(text, out var tag) ? tag : throw new InvalidDataException("'tags' is invalid");

    private static TypeName TypeOf(string text) =>
        TypeName.TryParse(text, out var type) ? type : throw new InvalidDataException("'type' is invalid");
}

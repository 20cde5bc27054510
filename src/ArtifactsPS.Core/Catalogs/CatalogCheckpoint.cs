using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// State of a catalog after a transaction, so that readers need not replay the log from its beginning. A checkpoint is
/// derived: if it is missing or damaged, the log is read instead.
/// <para>A checkpoint is a JSON document with a head and one version a line. A reader parses only the versions that it
/// needs.</para>
/// </summary>
internal static class CatalogCheckpoint
{
    /// <summary>Number of transactions between checkpoints.</summary>
    public const int Interval = 32;

    private const string VersionsOpen = ",\"versions\":[\n";
    private const string VersionsClose = "\n]}";
    private const string RowStart = "{\"version\":";
    private const string RowDigest = ",\"digest\":\"";

    public static byte[] Encode(CatalogState state)
    {
        var head = new JObject
        {
            ["name"] = state.Name.ToString(),
            ["transaction"] = state.LastTransaction,
            ["digest"] = state.LastDigest!.Value.Hex,
            ["nextVersion"] = state.NextVersion,
            ["aliases"] = new JObject(state.Aliases.Select(alias => new JProperty(alias.Key.ToString(), alias.Value))),
        };
        var text = new StringBuilder(head.ToString(Formatting.None));
        text.Length--;
        text.Append(VersionsOpen).Append(string.Join(",\n", state.Versions.ToLines())).Append(VersionsClose);
        return SealedRecord.Encode(text.ToString());
    }

    /// <param name="damaged">Creates the exception for an invalid version, which is found on first use.</param>
    /// <exception cref="InvalidDataException">The record is not a checkpoint.</exception>
    public static CatalogState Decode(SealedRecord record, Func<string, Exception> damaged)
    {
        var body = record.Body;
        var open = body.IndexOf(VersionsOpen, StringComparison.Ordinal);
        if (open < 0 || !body.EndsWith(VersionsClose, StringComparison.Ordinal))
            throw new InvalidDataException("it does not have the lines of a checkpoint");
        var head = SealedRecord.Parse(body.Substring(0, open) + "}");
        var aliases = new Dictionary<AliasName, int>();
        var named = head.Required<JObject>("aliases");
        foreach (var alias in named.Properties())
            aliases[AliasOf(alias.Name)] = (int)named.RequiredNumber(alias.Name, int.MaxValue);

        var versions = new VersionTable(damaged);
        var end = body.Length - VersionsClose.Length;
        for (var start = open + VersionsOpen.Length; start < end; )
        {
            var line = body.IndexOf('\n', start, end - start);
            var stop = line < 0 ? end : line - 1;
            if (stop < start)
                throw new InvalidDataException("a line is empty");
            AddRow(versions, body.Substring(start, stop - start));
            start = line < 0 ? end : line + 1;
        }
        var next = head.RequiredNumber("nextVersion", int.MaxValue);
        if (next <= versions.Highest)
            throw new InvalidDataException($"the next version, v{next}, exists already");
        return new CatalogState(NameOf(head.RequiredText("name")), versions, aliases)
        {
            LastTransaction = head.RequiredNumber("transaction"),
            LastDigest = head.RequiredDigest("digest"),
            NextVersion = (int)next,
        };
    }

    private static AliasName AliasOf(string text) =>
        AliasName.TryParse(text, out var alias) ? alias : throw new InvalidDataException($"'{text}' is not an alias");

    private static ArtifactName NameOf(string text) =>
        ArtifactName.TryParse(text, out var name) ? name : throw new InvalidDataException("'name' is invalid");

    private static void AddRow(VersionTable versions, string row)
    {
        var digest = row.IndexOf(RowDigest, StringComparison.Ordinal);
        if (
            digest < 0
            || !row.StartsWith(RowStart, StringComparison.Ordinal)
            || !int.TryParse(
                row.Substring(RowStart.Length, digest - RowStart.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            || row.Length < digest + RowDigest.Length + 2 * Digest.Length
            || !Digest.TryParseHex(row.AsSpan(digest + RowDigest.Length, 2 * Digest.Length), out var value)
            || number <= versions.Highest
        )
            throw new InvalidDataException("a line is not a version");
        versions.AddRow(number, value, row);
    }
}

using System.Globalization;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Versions of a range of numbers, each as one line of JSON. Checkpoints share pages: a page is named by its digest and never
/// changes. A reader parses only the versions that it needs.
/// </summary>
/// <param name="First">Lowest number in the page.</param>
/// <param name="Last">Highest number in the page.</param>
/// <param name="Count">Number of versions in the page.</param>
/// <param name="Digest">Digest of the page's record.</param>
internal sealed record VersionPage(int First, int Last, int Count, Digest Digest)
{
    /// <summary>Maximum number of versions in a page.</summary>
    public const int MaxCount = 128;

    /// <summary>Length in characters from which a page gets no more versions.</summary>
    public const int FullLength = 256 << 10;

    private const string Open = "[\n";
    private const string Close = "\n]";
    private const string Separator = ",\n";
    private const string LineStart = "{\"version\":";
    private const string LineDigest = ",\"digest\":\"";

    /// <summary>Encodes lines, ascending by version.</summary>
    public static (VersionPage Page, byte[] Bytes) Encode(IReadOnlyList<KeyValuePair<int, string>> lines)
    {
        var bytes = SealedRecord.Encode(Open + Join(lines.Select(line => line.Value)) + Close);
        var digest = SealedRecord.Decode(bytes).Digest;
        return (new VersionPage(lines[0].Key, lines[lines.Count - 1].Key, lines.Count, digest), bytes);
    }

    /// <summary>Decodes the lines of a page.</summary>
    /// <exception cref="InvalidDataException">The record is not this page.</exception>
    public IReadOnlyDictionary<int, string> Decode(SealedRecord record)
    {
        var body = record.Body;
        if (
            record.Digest != Digest
            || !body.StartsWith(Open, StringComparison.Ordinal)
            || !body.EndsWith(Close, StringComparison.Ordinal)
        )
            throw new InvalidDataException("it is not the page that its checkpoint names");
        var lines = new Dictionary<int, string>();
        foreach (var (number, line) in Split(body, Open.Length, body.Length - Close.Length))
            lines.Add(number, line);
        return lines;
    }

    public static string Join(IEnumerable<string> lines) => string.Join(Separator, lines);

    /// <summary>Splits a text into lines, each with its version's number, ascending.</summary>
    /// <exception cref="InvalidDataException">A line is not a version.</exception>
    public static IEnumerable<(int Number, string Line)> Split(string text, int start, int end)
    {
        var last = -1;
        while (start < end)
        {
            var line = text.IndexOf('\n', start, end - start);
            var stop = line < 0 ? end : line - 1;
            if (stop < start)
                throw new InvalidDataException("a line is empty");
            var row = text.Substring(start, stop - start);
            var (number, _) = HeadOf(row);
            if (number <= last)
                throw new InvalidDataException("its lines are not in order");
            yield return (last = number, row);
            start = line < 0 ? end : line + 1;
        }
    }

    public static string ToLine(VersionRecord record) =>
        RecordFields.Write(VersionRecord.Map, record).ToString(Newtonsoft.Json.Formatting.None);

    /// <summary>Parses a line.</summary>
    /// <exception cref="InvalidDataException">The line is not a version.</exception>
    public static VersionRecord Parse(string line)
    {
        var (number, digest) = HeadOf(line);
        var record = RecordFields.Read<VersionRecord>(VersionRecord.Map, SealedRecord.Parse(line));
        return record.Number == number && record.Digest == digest
            ? record
            : throw new InvalidDataException("a line contradicts itself");
    }

    private static (int Number, Digest Digest) HeadOf(string line)
    {
        var digest = line.IndexOf(LineDigest, StringComparison.Ordinal);
        return
            digest >= 0
            && line.StartsWith(LineStart, StringComparison.Ordinal)
            && int.TryParse(
                line.Substring(LineStart.Length, digest - LineStart.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            && line.Length >= digest + LineDigest.Length + 2 * Values.Digest.Length
            && Values.Digest.TryParseHex(
                line.AsSpan(digest + LineDigest.Length, 2 * Values.Digest.Length),
                out var value
            )
            ? (number, value)
            : throw new InvalidDataException("a line is not a version");
    }
}

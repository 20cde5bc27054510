using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// An artifact's live versions. Those that come from a checkpoint stay the text they are until they are asked for: of
/// ten thousand versions a command needs one or two.
/// </summary>
/// <param name="damaged">What to throw when such a text is no version.</param>
internal sealed class VersionTable(Func<string, Exception> damaged)
{
    private readonly SortedDictionary<int, object> _rows = [];
    private Dictionary<Digest, int>? _byDigest;

    public int Count => _rows.Count;

    public int Highest { get; private set; } = -1;

    public IEnumerable<int> Numbers => _rows.Keys;

    public VersionRecord this[int number] =>
        _rows[number] is VersionRecord record ? record : RecordOf((Row)_rows[number], number);

    public bool Contains(int number) => _rows.ContainsKey(number);

    public void Set(VersionRecord record)
    {
        _rows[record.Number] = record;
        Highest = Math.Max(Highest, record.Number);
        _byDigest?.Remove(record.Digest);
        _byDigest?.Add(record.Digest, record.Number);
    }

    public void AddRow(int number, Digest digest, string json)
    {
        _rows.Add(number, new Row(digest, json));
        Highest = Math.Max(Highest, number);
    }

    public void Remove(int number)
    {
        _byDigest?.Remove(DigestOf(_rows[number]));
        _rows.Remove(number);
        if (number == Highest)
            Highest = _rows.Count == 0 ? -1 : _rows.Keys.Last();
    }

    public VersionRecord? Find(Digest digest)
    {
        if (_byDigest is null)
        {
            _byDigest = [];
            foreach (var row in _rows)
                _byDigest[DigestOf(row.Value)] = row.Key;
        }
        return _byDigest.TryGetValue(digest, out var number) ? this[number] : null;
    }

    /// <summary>Each version as one line of JSON, ascending.</summary>
    public IEnumerable<string> ToLines()
    {
        foreach (var row in _rows.Values)
            yield return row is VersionRecord record
                ? record.ToJson().ToString(Newtonsoft.Json.Formatting.None)
                : ((Row)row).Json;
    }

    private static Digest DigestOf(object row) => row is VersionRecord record ? record.Digest : ((Row)row).Digest;

    // Kept with the row and not in the table, which someone may be walking through.
    private VersionRecord RecordOf(Row row, int number) => row.Record ??= Parse(row, number);

    private VersionRecord Parse(Row row, int number)
    {
        try
        {
            var record = VersionRecord.FromJson(SealedRecord.Parse(row.Json));
            return record.Number == number && record.Digest == row.Digest
                ? record
                : throw new InvalidDataException("its line says two things of it");
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            throw damaged($"v{number} can't be read ({e.Message})");
        }
    }

    private sealed record Row(Digest Digest, string Json)
    {
        /// <summary>What the JSON says, once it was asked for.</summary>
        public VersionRecord? Record { get; set; }
    }
}

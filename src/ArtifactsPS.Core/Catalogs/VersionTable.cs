using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// An artifact's live versions. A version of a checkpoint is parsed on first use: of ten thousand versions, a command
/// needs one or two.
/// </summary>
/// <param name="damaged">Creates the exception for an invalid line of a checkpoint.</param>
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
                ? RecordFields.Write(VersionRecord.Map, record).ToString(Newtonsoft.Json.Formatting.None)
                : ((Row)row).Json;
    }

    private static Digest DigestOf(object row) => row is VersionRecord record ? record.Digest : ((Row)row).Digest;

    // Stored in the row, not in the table: a caller may be enumerating the table.
    private VersionRecord RecordOf(Row row, int number) => row.Record ??= Parse(row, number);

    private VersionRecord Parse(Row row, int number)
    {
        try
        {
            var record = RecordFields.Read<VersionRecord>(VersionRecord.Map, SealedRecord.Parse(row.Json));
            return record.Number == number && record.Digest == row.Digest
                ? record
                : throw new InvalidDataException("its line contradicts itself");
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            throw damaged($"v{number} is invalid: {e.Message}");
        }
    }

    private sealed record Row(Digest Digest, string Json)
    {
        /// <summary>The parsed JSON; null before first use.</summary>
        public VersionRecord? Record { get; set; }
    }
}

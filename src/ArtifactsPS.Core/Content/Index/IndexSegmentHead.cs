using System.Buffers.Binary;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Head of a segment that is being written: objects, filter and first numbers, about three bytes for each record.</summary>
/// <param name="maxRecords">Maximum number of records.</param>
internal sealed class IndexSegmentHead(int maxRecords)
{
    private readonly byte[] _filter = new byte[IndexFilter.Length(maxRecords)];
    private readonly List<ulong> _firstNumbers = [];
    private readonly Dictionary<Digest, int> _numbers = [];
    private readonly List<Digest> _objects = [];

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a record. Records are added in the order of their digests.</summary>
    public void Add(IndexedBlob blob)
    {
        if (Count % IndexSegmentFormat.RecordsPerBlock == 0)
            _firstNumbers.Add(blob.Digest.FirstNumber);
        Count++;
        IndexFilter.Add(_filter, blob.Digest);
        var source = blob.Location.Object.Digest;
        if (_numbers.ContainsKey(source))
            return;
        _numbers.Add(source, _objects.Count);
        _objects.Add(source);
    }

    /// <summary>Number of the object that contains an added blob.</summary>
    public int NumberOf(IndexedBlob blob) => _numbers[blob.Location.Object.Digest];

    /// <summary>Encodes the head with its checksum.</summary>
    /// <param name="replaced">Segments whose blobs are in this one.</param>
    public (byte[] Bytes, IndexSegmentSizes Sizes) Encode(IReadOnlyCollection<Digest> replaced)
    {
        var sizes = new IndexSegmentSizes(replaced.Count, _objects.Count, Count, _filter.Length);
        var bytes = new byte[sizes.HeadLength];
        IndexSegmentFormat.Magic.CopyTo(bytes);
        // No key is ever used twice. Otherwise a merge that left out a record could delete a new segment with the same record.
        Guid.NewGuid().ToByteArray().CopyTo(bytes, IndexSegmentFormat.Magic.Length);
        sizes.Write(bytes);
        var at = IndexSegmentFormat.StartLength;
        foreach (var name in replaced.Concat(_objects))
        {
            name.CopyTo(bytes.AsSpan(at));
            at += Digest.Length;
        }
        _filter.CopyTo(bytes, at);
        at += _filter.Length;
        foreach (var number in _firstNumbers)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), number);
            at += sizeof(ulong);
        }
        IndexSegmentFormat.AddChecksum(bytes, 0, at);
        return (bytes, sizes);
    }
}

using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the records of a segment block by block. Looks up an object once for the segment, not for each of its
/// records.</summary>
internal sealed class IndexSegmentCheck
{
    // The object doesn't exist, or has a problem of its own.
    private const long Unknown = -1;

    private readonly IndexedObjects _objects;
    private readonly long[] _lengths;
    private Digest? _last;

    /// <param name="segment">The segment.</param>
    /// <param name="lengths">Lengths of all sound objects in bytes.</param>
    public IndexSegmentCheck(IndexSegment segment, IReadOnlyDictionary<Digest, long> lengths)
    {
        _objects = segment.Objects;
        _lengths = new long[_objects.Count];
        for (var i = 0; i < _lengths.Length; i++)
            _lengths[i] = lengths.TryGetValue(_objects[i].Digest, out var length) ? length : Unknown;
    }

    /// <summary>Checks the next block.</summary>
    /// <returns>The first fault; null if there is none.</returns>
    /// <exception cref="InvalidDataException">A record is invalid.</exception>
    public string? FaultOf(byte[] block)
    {
        for (var i = 0; i < IndexSegmentFormat.RecordsIn(block); i++)
        {
            var (digest, source, offset, encodedLength) = IndexSegmentFormat.ReadRecord(block, i, _lengths.Length);
            if (_last is { } previous && Digest.Order.Compare(previous, digest) >= 0)
                return "its records are out of order";
            _last = digest;
            // A record of a deleted object is ignored, and dropped by a later clean-up.
            var length = _lengths[source];
            if (length != Unknown && (offset >= length || offset + encodedLength > length))
                return $"the record of {digest} points outside of '{_objects[source].Key}'";
        }
        return null;
    }
}

using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Sorted records that are merged with others: those of a segment, or new ones.</summary>
internal sealed class IndexSource
{
    private readonly IndexSegment? _segment;
    private readonly Func<Digest, bool> _exists = _ => true;

    // Records before the first damaged block. Every pass ends there.
    private int _readable = int.MaxValue;

    /// <param name="exists">Whether an object exists. Blobs of other objects are left out.</param>
    public IndexSource(IndexSegment segment, Func<Digest, bool> exists)
    {
        _segment = segment;
        _exists = exists;
        Count = segment.Count;
    }

    /// <param name="blobs">Sorted by digest, each digest once.</param>
    public IndexSource(IndexedBlob[] blobs)
    {
        Blobs = blobs;
        Count = blobs.Length;
    }

    /// <summary>New records; empty for a segment.</summary>
    public IndexedBlob[] Blobs { get; } = [];

    /// <summary>Maximum number of records.</summary>
    public int Count { get; }

    /// <summary>Merges the records of all sources in the order of their digests. Of several locations of a blob, that of the last
    /// source counts. Repeated calls return the same records.</summary>
    /// <exception cref="ObjectMissingException">A segment is missing.</exception>
    public static async IAsyncEnumerable<IndexedBlob> MergeAsync(
        IReadOnlyList<IndexSource> sources,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var cursors = sources.Select((source, i) => new Cursor(source, i, cancellationToken)).ToList();
        try
        {
            var heap = new CursorHeap(cursors.Count);
            foreach (var cursor in cursors)
                if (await cursor.MoveNextAsync().ConfigureAwait(false))
                    heap.Add(cursor);
            Digest? last = null;
            while (heap.Count > 0)
            {
                var first = heap.First;
                if (first.Digest != last)
                    yield return first.Current;
                last = first.Digest;
                heap.EndFirst(await first.MoveNextAsync().ConfigureAwait(false));
            }
        }
        finally
        {
            foreach (var cursor in cursors)
                await cursor.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads the records of a source. Only the first record of a block may have to wait.</summary>
    /// <param name="source">The source.</param>
    /// <param name="number">Number of the source: a greater one counts more.</param>
    private sealed class Cursor(IndexSource source, int number, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<byte[]>? _blocks = source
            ._segment?.ReadBlocksAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);

        private byte[] _block = [];
        private int _next;
        private int _read;
        private IndexedBlob _current;

        /// <summary>The record.</summary>
        public IndexedBlob Current => _current;

        /// <summary>Digest of the record.</summary>
        public Digest Digest => _current.Digest;

        private int Number => number;

        /// <summary>Moves to the next record.</summary>
        /// <returns>False at the end, or at the first damaged record.</returns>
        public ValueTask<bool> MoveNextAsync() =>
            TryMoveNext() is { } moved ? new ValueTask<bool>(moved) : MoveToNextBlockAsync();

        /// <summary>Whether the record comes before that of another source.</summary>
        public bool ComesBefore(Cursor other)
        {
            // Compared without the rest of the digests, which almost always differ here.
            if (Digest.FirstNumber != other.Digest.FirstNumber)
                return Digest.FirstNumber < other.Digest.FirstNumber;
            var order = Digest.Order.Compare(Digest, other.Digest);
            return order < 0 || order == 0 && number > other.Number;
        }

        public ValueTask DisposeAsync() => _blocks?.DisposeAsync() ?? default;

        // Null if a block must be read.
        private bool? TryMoveNext()
        {
            if (source._segment is not { } segment)
            {
                if (_next == source.Blobs.Length)
                    return false;
                _current = source.Blobs[_next++];
                return true;
            }
            while (_read < source._readable)
            {
                if (_next == IndexSegmentFormat.RecordsIn(_block))
                    return null;
                if (!TryRead(segment))
                    return End();
                _next++;
                _read++;
                if (source._exists(_current.Location.Object.Digest))
                    return true;
            }
            return false;
        }

        // A segment whose records are out of order is damaged, too.
        private bool TryRead(IndexSegment segment)
        {
            IndexedBlob record;
            try
            {
                record = IndexSegmentFormat.Record(_block, _next, segment.Objects);
            }
            catch (InvalidDataException)
            {
                return false;
            }
            if (_read > 0 && Digest.Order.Compare(Digest, record.Digest) >= 0)
                return false;
            _current = record;
            return true;
        }

        private async ValueTask<bool> MoveToNextBlockAsync()
        {
            while (true)
            {
                try
                {
                    if (!await _blocks!.MoveNextAsync().ConfigureAwait(false))
                        return false;
                }
                catch (InvalidDataException)
                {
                    return End();
                }
                (_block, _next) = (_blocks.Current, 0);
                if (TryMoveNext() is { } moved)
                    return moved;
            }
        }

        // Every pass ends here.
        private bool End()
        {
            source._readable = _read;
            return false;
        }
    }

    /// <summary>Cursors in the order of their records, as a binary heap: most steps compare a few records, and none allocates
    /// memory.</summary>
    private sealed class CursorHeap(int capacity)
    {
        private readonly Cursor[] _cursors = new Cursor[capacity];

        public int Count { get; private set; }

        /// <summary>The cursor with the first record.</summary>
        public Cursor First => _cursors[0];

        public void Add(Cursor cursor)
        {
            var place = Count++;
            for (; place > 0 && cursor.ComesBefore(_cursors[(place - 1) / 2]); place = (place - 1) / 2)
                _cursors[place] = _cursors[(place - 1) / 2];
            _cursors[place] = cursor;
        }

        /// <summary>Puts the first cursor, which was moved, in its place.</summary>
        /// <param name="hasRecord">Whether it has another record; otherwise it is removed.</param>
        public void EndFirst(bool hasRecord)
        {
            var moved = hasRecord ? _cursors[0] : _cursors[--Count];
            var place = 0;
            while (2 * place + 1 < Count)
            {
                var child = 2 * place + 1;
                if (child + 1 < Count && _cursors[child + 1].ComesBefore(_cursors[child]))
                    child++;
                if (!_cursors[child].ComesBefore(moved))
                    break;
                _cursors[place] = _cursors[child];
                place = child;
            }
            _cursors[place] = moved;
        }
    }
}

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
        var readers = new IAsyncEnumerator<IndexedBlob>[sources.Count];
        // Of equal digests, that of the last source comes first.
        var next = new SortedSet<(Digest Digest, int Source)>(
            Comparer<(Digest Digest, int Source)>.Create(
                (left, right) =>
                    Digest.Order.Compare(left.Digest, right.Digest) is not 0 and var order
                        ? order
                        : right.Source.CompareTo(left.Source)
            )
        );
        try
        {
            for (var i = 0; i < readers.Length; i++)
            {
                readers[i] = sources[i].ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                await AdvanceAsync(i).ConfigureAwait(false);
            }
            Digest? last = null;
            while (next.Count > 0)
            {
                var first = next.Min;
                if (first.Digest != last)
                    yield return readers[first.Source].Current;
                last = first.Digest;
                next.Remove(first);
                await AdvanceAsync(first.Source).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var reader in readers)
                if (reader is not null)
                    await reader.DisposeAsync().ConfigureAwait(false);
        }

        async Task AdvanceAsync(int source)
        {
            if (await readers[source].MoveNextAsync().ConfigureAwait(false))
                next.Add((readers[source].Current.Digest, source));
        }
    }

    private async IAsyncEnumerable<IndexedBlob> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_segment is null)
        {
            foreach (var blob in Blobs)
                yield return blob;
            yield break;
        }
        var reader = _segment.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            Digest? last = null;
            for (var read = 0; read < _readable; read++)
            {
                try
                {
                    if (!await reader.MoveNextAsync().ConfigureAwait(false))
                        yield break;
                }
                catch (InvalidDataException)
                {
                    _readable = read;
                    yield break;
                }
                // A segment whose records are out of order is damaged, too.
                if (last is { } previous && Digest.Order.Compare(previous, reader.Current.Digest) >= 0)
                {
                    _readable = read;
                    yield break;
                }
                last = reader.Current.Digest;
                if (_exists(reader.Current.Location.Object.Digest))
                    yield return reader.Current;
            }
        }
    }
}

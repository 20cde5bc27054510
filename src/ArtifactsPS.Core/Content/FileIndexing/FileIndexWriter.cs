using System.IO.Hashing;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Writes a <see cref="FileIndex"/>'s file anew.</summary>
/// <param name="stored">What it had.</param>
/// <param name="added">What is new, sorted by path.</param>
/// <param name="keepUnseen">Whether of what it had that stays which was not found.</param>
internal sealed class FileIndexWriter(StoredFileRecords stored, AddedFile[] added, bool keepUnseen)
{
    private const int MaxRecords = 1 << 24;
    private const int BufferLength = 1 << 20;

    private readonly Dictionary<Digest, int> _numbers = [];
    private readonly List<Digest> _objects = [];

    // The one that was numbered last: most files follow each other in the object they are in.
    private (BlobContainer? Container, int Number) _last = (null, StoredPlace.Unknown.Object);

    /// <summary>Writes it.</summary>
    /// <param name="version">The version that it is for.</param>
    /// <param name="inVersion">The objects that the version has.</param>
    /// <param name="write">Takes bytes.</param>
    public async Task WriteAsync(FileRecord.Key version, ICollection<Digest> inVersion, Func<byte[], int, Task> write)
    {
        var hash = new XxHash128();
        var buffer = new byte[BufferLength];
        var used = StoredFileRecords.Header.Length;
        StoredFileRecords.Header.CopyTo(buffer, 0);
        foreach (var record in Merge().Take(MaxRecords))
        {
            if (buffer.Length - used < FileRecord.Length)
                await PassOnAsync(buffer, used).ConfigureAwait(false);
            record.CopyTo(buffer.AsSpan(used));
            used += FileRecord.Length;
        }
        await PassOnAsync(buffer, used).ConfigureAwait(false);
        var footer = StoredFileRecords.Footer([.. _objects.Select(item => (item, inVersion.Contains(item)))], version);
        await PassOnAsync(footer, footer.Length).ConfigureAwait(false);
        await write(buffer, hash.GetCurrentHash(buffer)).ConfigureAwait(false);

        Task PassOnAsync(byte[] bytes, int count)
        {
            hash.Append(bytes.AsSpan(0, count));
            used = 0;
            return write(bytes, count);
        }
    }

    // Both are sorted. Each path once: two records of one tell of two states that it had, and either may be kept.
    private IEnumerable<FileRecord> Merge()
    {
        var next = 0;
        for (var i = 0; i < added.Length; i++)
        {
            if (i > 0 && added[i].Path == added[i - 1].Path)
                continue;
            for (; next < stored.Count; next++)
            {
                var record = stored[next];
                var order = FileRecord.Key.Compare(record.Path, added[i].Path);
                if (order > 0)
                    break;
                if (order < 0 && (keepUnseen || stored.IsFound(next)))
                    yield return Renumbered(record);
            }
            yield return RecordOf(added[i]);
        }
        for (; next < stored.Count; next++)
            if (keepUnseen || stored.IsFound(next))
                yield return Renumbered(stored[next]);
    }

    private FileRecord RecordOf(AddedFile file)
    {
        var (source, offset, chunkListLength) = file.Content.Location;
        var number = NumberOf(source);
        var place = number < 0 ? StoredPlace.Unknown : new StoredPlace(number, offset, chunkListLength);
        return new FileRecord(file.Path, file.State, file.Content.Digest, place);
    }

    private FileRecord Renumbered(FileRecord record)
    {
        var number = NumberOf(stored.ObjectOf(record));
        return record with { Place = number < 0 ? StoredPlace.Unknown : record.Place with { Object = number } };
    }

    private int NumberOf(BlobContainer? source)
    {
        if (source?.StoredOrDefault?.Digest is not { } digest)
            return StoredPlace.Unknown.Object;
        if (ReferenceEquals(_last.Container, source))
            return _last.Number;
        if (!_numbers.TryGetValue(digest, out var number))
        {
            number = _objects.Count;
            _numbers.Add(digest, number);
            _objects.Add(digest);
        }
        _last = (source, number);
        return number;
    }
}

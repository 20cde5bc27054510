using System.IO.Hashing;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.FileIndexing;

/// <summary>Writes the file of a <see cref="FileIndex"/>.</summary>
/// <param name="stored">Records of the previous file.</param>
/// <param name="added">New files, sorted by path.</param>
/// <param name="keepUnseen">Whether to keep stored records that were not found.</param>
internal sealed class FileIndexWriter(StoredFileRecords stored, AddedFile[] added, bool keepUnseen)
{
    private const int MaxRecords = 1 << 24;
    private const int BufferLength = 1 << 20;

    private readonly Dictionary<Digest, int> _numbers = [];
    private readonly List<Digest> _objects = [];

    // Cache of the last number: most successive files are in the same object.
    private (BlobContainer? Container, int Number) _last = (null, StoredPlace.Unknown.Object);

    /// <param name="version">Version for which the index is written.</param>
    /// <param name="inVersion">Objects of that version.</param>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    public async Task WriteAsync(FileRecord.Key version, ICollection<Digest> inVersion, Func<byte[], int, Task> write)
    {
        var hash = new XxHash128();
        var buffer = new byte[BufferLength];
        var used = StoredFileRecords.Header.Length;
        StoredFileRecords.Header.CopyTo(buffer, 0);
        foreach (var record in Merge().Take(MaxRecords))
        {
            if (buffer.Length - used < FileRecord.Length)
                await WriteAndHashAsync(buffer, used).ConfigureAwait(false);
            record.CopyTo(buffer.AsSpan(used));
            used += FileRecord.Length;
        }
        await WriteAndHashAsync(buffer, used).ConfigureAwait(false);
        var footer = StoredFileRecords.Footer([.. _objects.Select(item => (item, inVersion.Contains(item)))], version);
        await WriteAndHashAsync(footer, footer.Length).ConfigureAwait(false);
        await write(buffer, hash.GetCurrentHash(buffer)).ConfigureAwait(false);

        Task WriteAndHashAsync(byte[] bytes, int count)
        {
            hash.Append(bytes.AsSpan(0, count));
            used = 0;
            return write(bytes, count);
        }
    }

    // Both inputs are sorted by path. Each path is returned once; of two states of a file, either may be kept.
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
        var (source, offset, encoding, encodedLength) = file.Content.Location;
        var number = NumberOf(source);
        var place = number < 0 ? StoredPlace.Unknown : new StoredPlace(number, offset, encoding, encodedLength);
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

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Digest of a page: SHA-256 over the meaning of its items. Locations are not included, so equal content has an equal
/// digest in every store. Numbers are little-endian. A text is its UTF-8 length (4 bytes) followed by its bytes.
/// <code>
/// page of entries     "artifact-entries-1\n" then for each entry
///   file              1, path, executable (1 byte), size (8 bytes), digest (32 bytes)
///   reference         2, path, uri, flags (1 byte: 1 has a digest, 2 a size, 4 an ETag, 8 a version id, 16 a time),
///                     [digest], [size], [ETag], [version id], [time of the last change in seconds since 1970 (8 bytes)]
/// page of pages       "artifact-pages-1\n" level (1 byte) then for each page
///                     first path, digest (32 bytes), entries (8 bytes), size (8 bytes)
/// </code>
/// </summary>
internal static class PageDigest
{
    private static readonly byte[] EntriesHeader = Encoding.ASCII.GetBytes("artifact-entries-1\n");
    private static readonly byte[] PagesHeader = Encoding.ASCII.GetBytes("artifact-pages-1\n");

    public static Digest Of(ManifestPage page)
    {
        var writer = new Writer();
        try
        {
            if (page.Level == 0)
            {
                writer.Bytes(EntriesHeader);
                foreach (var item in page.Items)
                    Write(ref writer, (ManifestEntry)item);
            }
            else
            {
                writer.Bytes(PagesHeader);
                writer.Byte((byte)page.Level);
                foreach (var item in page.Items)
                    Write(ref writer, (TreePage)item);
            }
            return writer.Digest();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static void Write(ref Writer writer, ManifestEntry entry)
    {
        if (entry.Target is not { } target)
        {
            writer.Byte(1);
            writer.Text(entry.Path.ToString());
            writer.Byte(entry.Executable ? (byte)1 : (byte)0);
            writer.Number(entry.Size!.Value);
            writer.Digest(entry.Digest!.Value);
            return;
        }
        writer.Byte(2);
        writer.Text(entry.Path.ToString());
        writer.Text(entry.Uri!);
        var flags =
            (entry.Digest is null ? 0 : 1)
            | (entry.Size is null ? 0 : 2)
            | (target.ETag is null ? 0 : 4)
            | (target.VersionId is null ? 0 : 8)
            | (target.LastModified is null ? 0 : 16);
        writer.Byte((byte)flags);
        if (entry.Digest is { } digest)
            writer.Digest(digest);
        if (entry.Size is { } size)
            writer.Number(size);
        if (target.ETag is { } etag)
            writer.Text(etag);
        if (target.VersionId is { } version)
            writer.Text(version);
        if (target.LastModified is { } time)
            writer.Number(time.ToUnixTimeSeconds());
    }

    private static void Write(ref Writer writer, TreePage page)
    {
        writer.Text(page.First.ToString());
        writer.Digest(page.Digest);
        writer.Number(page.EntryCount);
        writer.Number(page.TotalSize);
    }

    private struct Writer()
    {
        private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        private int _used;

        public void Byte(byte value)
        {
            Reserve(1);
            _buffer[_used++] = value;
        }

        public void Number(long value)
        {
            Reserve(8);
            BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_used), value);
            _used += 8;
        }

        public void Digest(Digest value)
        {
            Reserve(Values.Digest.Length);
            value.CopyTo(_buffer.AsSpan(_used));
            _used += Values.Digest.Length;
        }

        public void Text(string value)
        {
            Reserve(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
            var length = Encoding.UTF8.GetBytes(value, 0, value.Length, _buffer, _used + 4);
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_used), length);
            _used += 4 + length;
        }

        public void Bytes(byte[] value)
        {
            Reserve(value.Length);
            value.CopyTo(_buffer, _used);
            _used += value.Length;
        }

        public readonly Digest Digest() => Sha256.Of(_buffer, 0, _used);

        public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

        private void Reserve(int count)
        {
            if (_used + count <= _buffer.Length)
                return;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _used + count));
            _buffer.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}

using System.IO.Compression;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Opens a ZIP archive and its files. Damage is an <see cref="InvalidDataException"/> whose message can be shown;
/// messages of the framework's reader describe its own code.</summary>
internal static class PackedFile
{
    /// <summary>Opens an archive and reads its directory.</summary>
    public static ZipArchive OpenArchive(Stream file)
    {
        ZipArchive? archive = null;
        try
        {
            archive = new ZipArchive(file, ZipArchiveMode.Read);
            // The directory is read on first use.
            _ = archive.Entries.Count;
            return archive;
        }
        catch (InvalidDataException e)
        {
            archive?.Dispose();
            throw Damaged(e);
        }
    }

    /// <summary>Opens a file of an archive.</summary>
    public static Stream Open(ZipArchiveEntry file)
    {
        try
        {
            return new UnpackedStream(file.Open());
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    private static InvalidDataException Damaged(InvalidDataException e) =>
        new("it is not a ZIP archive, or is damaged", e);

    private sealed class UnpackedStream(Stream inner) : ForwardStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            try
            {
                return inner.Read(buffer, offset, count);
            }
            catch (InvalidDataException e)
            {
                throw Damaged(e);
            }
        }

        public override async Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        )
        {
            try
            {
                return await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException e)
            {
                throw Damaged(e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

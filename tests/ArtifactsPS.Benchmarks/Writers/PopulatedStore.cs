using System.Runtime.InteropServices;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary>
/// Index of a store with many blobs, without their content. It has the segments that writers leave behind, before a clean-up merges
/// them: each pack of small files adds a small segment, and 17 of those become a large one.
/// </summary>
internal sealed partial class PopulatedStore
{
    private const int BlobsOfPack = 1 << 14;
    private const int PacksOfSegment = 17;
    private const int SmallSegments = 15;
    private const int BlobLength = 4096;

    private readonly string _folder;

    private PopulatedStore(string folder) => _folder = folder;

    /// <summary>Creates the index.</summary>
    /// <param name="folder">Folder of its store.</param>
    /// <param name="blobs">Number of blobs.</param>
    public static async Task<PopulatedStore> CreateAsync(string folder, int blobs, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var store = new FolderObjectStore(folder);
        await VersionStore.CreateAsync(store, cancellationToken).ConfigureAwait(false);
        var merge = new IndexMerge(store);
        var small = SmallSegments * BlobsOfPack;
        for (var first = 0; first < blobs; )
        {
            var count = Math.Min(blobs - first, blobs - first > small ? PacksOfSegment * BlobsOfPack : BlobsOfPack);
            var segment = Enumerable.Range(first, count).Select(BlobOf).ToList();
            await merge.CreateAsync(segment, [], exists: null, cancellationToken).ConfigureAwait(false);
            first += count;
        }
        return new PopulatedStore(folder);
    }

    /// <summary>Copies the index to another store by hard links.</summary>
    public void LinkTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "index"), "*", SearchOption.AllDirectories))
        {
            var link = Path.Combine(folder, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            if (CreateLink(file, link) != 0)
                throw new IOException($"Can't link '{file}' to '{link}': error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static IndexedBlob BlobOf(int index)
    {
        var pack = index / BlobsOfPack;
        return new IndexedBlob(
            DigestOf((ulong)index, 1),
            new BlobLocation(new StoredObject(DigestOf((ulong)pack, 2)), index % BlobsOfPack * (long)BlobLength)
        );
    }

    private static Digest DigestOf(ulong index, ulong kind)
    {
        Span<byte> bytes = stackalloc byte[Digest.Length];
        RandomBytes.Fill(bytes, (kind << 40) + index);
        return new Digest(bytes);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateLink(string existing, string link);
}

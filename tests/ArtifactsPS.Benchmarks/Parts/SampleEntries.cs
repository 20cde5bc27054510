using System.Globalization;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>Entries of a version with many small files: in packs, at most a thousand per folder.</summary>
internal static class SampleEntries
{
    private const int PerFolder = 1000;
    private const int FileSize = 1000;
    private const int PerPack = 60_000;

    /// <summary>Creates entries, sorted by path.</summary>
    public static List<EntryChange> Create(int count)
    {
        var packs = Enumerable
            .Range(0, count / PerPack + 1)
            .Select(i => new StoredObject(DigestOf(1UL << 40, i)))
            .ToList();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var path = PathOf(i);
                    var location = new BlobLocation(packs[i / PerPack], (long)(i % PerPack) * FileSize);
                    return new EntryChange(
                        path,
                        ManifestEntry.File(path, new Blob(DigestOf(0, i), FileSize, location), executable: false)
                    );
                }),
        ];
    }

    /// <summary>A change of the content of one entry.</summary>
    public static EntryChange Changed(int index)
    {
        var path = PathOf(index);
        var digest = DigestOf(2, index);
        var blob = new Blob(digest, FileSize, new BlobLocation(new StoredObject(digest), 0));
        return new EntryChange(path, ManifestEntry.File(path, blob, executable: false));
    }

    public static EntryPath PathOf(int index) =>
        EntryPath.Parse(
            string.Create(CultureInfo.InvariantCulture, $"data/d{index / PerFolder:D4}/file-{index % PerFolder:D4}.bin")
        );

    private static Digest DigestOf(ulong seed, int index)
    {
        var bytes = new byte[Digest.Length];
        RandomBytes.Fill(bytes, seed + (ulong)index * 7);
        return new Digest(bytes);
    }
}

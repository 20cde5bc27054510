using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Manifests;

public sealed class ReferenceEntryTests
{
    private static readonly string Hex = new('f', 32);

    private static readonly Gen<string?> ETags = Gen.Elements<string?>(
        null,
        "0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789abcdef",
        "0x8DB",
        "W/é😀",
        Hex,
        Hex + "0",
        Hex + "-12"
    );

    private static readonly Gen<string?> VersionIds = Gen.Elements<string?>(null, "1", "é😀", Hex);

    private static readonly Gen<(string Path, string Uri)> Places = Gen.Elements(
        ("a", "s3://bucket/a"),
        ("raw/a b", "s3://bucket/raw/a b"),
        ("raw/a", "s3://bucket/raw/b"),
        ("a😀", "s3://bucket/a😀"),
        ("\U0001F600", "s3://bucket/\U0001F200"),
        ("100%", "s3://bucket/100%25"),
        ("x/s3:/b", "s3:/b")
    );

    [Property]
    public Property Reference_keeps_what_was_recorded() =>
        Prop.ForAll(
            (
                from place in Places
                from etag in ETags
                from version in VersionIds
                from size in Gen.Elements<long?>(null, 0, 1L << 40)
                from time in Gen.Elements<DateTimeOffset?>(
                    null,
                    DateTimeOffset.UnixEpoch,
                    new(2026, 11, 28, 1, 2, 3, default)
                )
                from digest in Gen.Elements<Digest?>(null, Sha256.Of("x"u8))
                select (
                    place,
                    digest,
                    new TargetProperties
                    {
                        Size = size,
                        ETag = etag,
                        VersionId = version,
                        LastModified = time,
                    }
                )
            ).ToArbitrary(),
            recorded =>
            {
                var ((path, uri), digest, properties) = recorded;
                var entry = ManifestEntry.ReferenceTo(EntryPath.Parse(path), uri, digest, properties);
                var moved = entry.At(EntryPath.Parse("other/" + path));

                Assert.Equal((uri, properties, digest), (entry.Uri, entry.Target, entry.Digest));
                Assert.Equal((uri, properties, digest), (moved.Uri, moved.Target, moved.Digest));
                Assert.True(entry.HasSameContent(moved));
            }
        );

    [Fact]
    public void Entries_of_a_prefix_share_its_URI()
    {
        var paths = Enumerable.Range(0, 10_000).Select(i => EntryPath.Parse($"raw/{i:D5}")).ToArray();
        var properties = new TargetProperties
        {
            Size = 1,
            ETag = Hex,
            VersionId = Hex,
        };
        ManifestEntry[] entries = new ManifestEntry[paths.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < paths.Length; i++)
            entries[i] = ManifestEntry.ReferenceTo(
                paths[i],
                "s3://a-long-name-of-a-bucket/raw/" + paths[i],
                null,
                properties
            );

        // The URI that was given is not kept.
        var given = "s3://a-long-name-of-a-bucket/raw/raw/00000".Length * sizeof(char) + 24;
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / paths.Length - given, 1, 160);
        Assert.Equal("s3://a-long-name-of-a-bucket/raw/raw/09999", entries[^1].Uri);
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Manifests;

public sealed class PageFormatTests
{
    private static readonly string Hex = Sha256.Of("x"u8).Hex;
    private static readonly StoredObject Self = new(Sha256.Of("this pack"u8));
    private static readonly StoredObject Other = new(Sha256.Of("another pack"u8));

    [Property]
    public Property Decoded_page_equals_encoded_page() =>
        Prop.ForAll(
            Entries.ListOf().ToArbitrary(),
            entries =>
            {
                var page = new ManifestPage(0, [.. entries.DistinctBy(e => e.Path).OrderBy(e => e.Path)]);
                var again = PageFormat.Decode(PageFormat.Encode(page, Self).ToArray(), Self);
                Assert.Equal(PageDigest.Of(page), PageDigest.Of(again));
                Assert.Equal(page.Items.Select(Describe), again.Items.Select(Describe));
            }
        );

    [Fact]
    public void Decoded_page_of_pages_equals_encoded_page()
    {
        var children = new[] { "a", "\uE000", "\U0001F600" }.Select(
            (first, i) =>
                new PageReference
                {
                    First = EntryPath.Parse(first),
                    Level = 2,
                    Digest = Sha256.Of(Encoding.UTF8.GetBytes(first)),
                    EntryCount = 1L << 40,
                    TotalSize = long.MaxValue / 4,
                    Location =
                        i == 0
                            ? new BlobLocation(Self, 0)
                            : new BlobLocation(Other, i * 1000, BlobEncoding.Zstandard, 7 + i),
                    Length = 17 + i,
                }
        );
        var page = new ManifestPage(3, [.. children]);
        var again = PageFormat.Decode(PageFormat.Encode(page, Self).ToArray(), Self);
        Assert.Equal((3, PageDigest.Of(page)), (again.Level, PageDigest.Of(again)));
        Assert.Equal(page.Items.Select(Describe), again.Items.Select(Describe));
    }

    [Fact]
    public void Page_is_encoded_as_documented_JSON()
    {
        var small = new Blob(Sha256.Of("a"u8), 4, new BlobLocation(Self, 18));
        var script = new Blob(Sha256.Of("b"u8), 10, new BlobLocation(Other, 0));
        var large = Sha256.Of("c"u8);
        var page = new ManifestPage(
            0,
            [
                ManifestEntry.File(EntryPath.Parse("a.txt"), small, executable: false),
                ManifestEntry.File(
                    EntryPath.Parse("big.bin"),
                    new Blob(large, 9000000, new BlobLocation(new StoredObject(large), 0)),
                    executable: false
                ),
                ManifestEntry.File(EntryPath.Parse("empty"), new Blob(Digest.OfNothing, 0, default), executable: false),
                ManifestEntry.Reference(EntryPath.Parse("ref"), "https://example.com/x", large, 7),
                ManifestEntry.File(EntryPath.Parse("run.sh"), script, executable: true),
                ManifestEntry.ReferenceTo(
                    EntryPath.Parse("s3"),
                    "s3://b/k",
                    null,
                    new TargetProperties
                    {
                        Size = 7,
                        ETag = "W/x",
                        VersionId = "v",
                        LastModified = Modified,
                    }
                ),
            ]
        );
        var expected = $$"""
            {"level":0,"objects":["this","{{Other.Digest.Hex}}"],"entries":[
            {"path":"a.txt","sha256":"{{small.Digest.Hex}}","size":4,"in":0,"at":18},
            {"path":"big.bin","sha256":"{{large.Hex}}","size":9000000},
            {"path":"empty","sha256":"{{Digest.OfNothing.Hex}}","size":0},
            {"path":"ref","uri":"https://example.com/x","sha256":"{{large.Hex}}","size":7},
            {"path":"run.sh","sha256":"{{script.Digest.Hex}}","size":10,"executable":true,"in":1,"at":0},
            {"path":"s3","uri":"s3://b/k","etag":"W/x","version":"v","modified":"2026-01-02T03:04:05.000Z","size":7}]}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), Encoding.UTF8.GetString(PageFormat.Encode(page, Self).Span));
    }

    [Fact]
    public void Unknown_properties_are_ignored()
    {
        var page = Decode(
            $$"""{"later":{"a":[1,{}]},"level":0,"objects":["this"],"entries":[{"path":"a","mtime":[1],"sha256":"{{Hex}}","size":1,"in":0,"at":5}],"x":null}"""
        );
        Assert.Equal(5, ((ManifestEntry)Assert.Single(page.Items)).Location.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"level\":0,\"entries\":[]")]
    [InlineData("{\"level\":0}")]
    [InlineData("{\"level\":1,\"pages\":[]}")]
    [InlineData("{\"level\":1,\"entries\":[]}")]
    [InlineData("{\"level\":-1,\"entries\":[]}")]
    [InlineData("{\"level\":17,\"pages\":[]}")]
    [InlineData("{\"level\":4294967296,\"entries\":[]}")]
    [InlineData("{\"level\":\"0\",\"entries\":[]}")]
    [InlineData("{\"level\":0,\"entries\":{}}")]
    [InlineData("{\"level\":0,\"entries\":[1]}")]
    [InlineData("{\"level\":0,\"objects\":[\"that\"],\"entries\":[]}")]
    [InlineData("{\"level\":0,\"objects\":[[]],\"entries\":[]}")]
    [InlineData("{\"level\":0,\"x\":[[[[[[[[[[[[]]]]]]]]]]]],\"entries\":[]}")]
    public void Invalid_page_is_refused(string json) => Assert.Throws<InvalidDataException>(() => Decode(json));

    [Theory]
    [InlineData("\"path\":\"..\"")]
    [InlineData("\"path\":\"a/../../b\"")]
    [InlineData("\"path\":\"/etc/passwd\"")]
    [InlineData("\"path\":\"C:/Windows\"")]
    [InlineData("\"path\":\"a\\\\b\"")]
    [InlineData("\"path\":\"a\\u0000b\"")]
    [InlineData("\"path\":\"\"")]
    [InlineData("\"path\":null")]
    [InlineData("\"path\":[\"a\"]")]
    [InlineData("\"size\":-1")]
    [InlineData("\"size\":1.5")]
    [InlineData("\"size\":1e3")]
    [InlineData("\"size\":NaN")]
    [InlineData("\"size\":9223372036854775808")]
    [InlineData("\"size\":\"4\"")]
    [InlineData("\"sha256\":\"12\"")]
    [InlineData("\"in\":1")]
    [InlineData("\"in\":-1")]
    [InlineData("\"at\":-1")]
    [InlineData("\"at\":9223372036854775807")]
    [InlineData("\"executable\":1")]
    [InlineData("\"stored\":0")]
    [InlineData("\"stored\":4")]
    [InlineData("\"stored\":5")]
    [InlineData("\"stored\":-1")]
    [InlineData("\"stored\":1.5")]
    [InlineData("\"stored\":null")]
    [InlineData("\"stored\":2147483648")]
    [InlineData("\"stored\":2,\"at\":9223372036854775806")]
    [InlineData("\"chunks\":0")]
    [InlineData("\"chunks\":-1")]
    [InlineData("\"chunks\":67108865")]
    [InlineData("\"uri\":5")]
    [InlineData("\"uri\":\"s3://b/k\",\"etag\":5")]
    [InlineData("\"uri\":\"s3://b/k\",\"etag\":\"\"")]
    [InlineData("\"uri\":\"s3://b/k\",\"etag\":\"a\\u0000\"")]
    [InlineData("\"uri\":\"s3://b/k\",\"version\":null")]
    [InlineData("\"uri\":\"s3://b/k\",\"modified\":\"2026\"")]
    [InlineData("\"uri\":\"s3://b/k\",\"modified\":\"2026-01-02T03:04:05.678Z\"")]
    public void Hostile_entry_is_refused(string property)
    {
        // If a property occurs twice, the last one applies.
        const string Head =
            "{\"level\":0,\"objects\":[\"this\"],\"entries\":[{\"path\":\"a\",\"size\":4,\"in\":0,\"at\":0";
        var good = $"{Head},\"sha256\":\"{Hex}\"";
        Assert.Single(Decode(good + "}]}").Items);
        Assert.Throws<InvalidDataException>(() => Decode($"{good},{property}}}]}}"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("200")]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData("67108865")]
    [InlineData("9223372036854775808")]
    public void Hostile_frame_length_of_page_is_refused(string stored)
    {
        var good =
            "{\"level\":1,\"objects\":[\"this\"],\"pages\":[{\"first\":\"a\",\"entries\":1,\"size\":1,\"in\":0,\"at\":0,"
            + $"\"length\":200,\"digest\":\"{Hex}\"";
        Assert.Equal(199, ((PageReference)Decode($"{good},\"stored\":199}}]}}").Items[0]).Location.EncodedLength);
        Assert.Throws<InvalidDataException>(() => Decode($"{good},\"stored\":{stored}}}]}}"));
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("\U0001F600", "\uE000")]
    public void Entries_out_of_order_are_refused(string first, string second)
    {
        string Entry(string path) => $"{{\"path\":\"{path}\",\"sha256\":\"{Digest.OfNothing.Hex}\",\"size\":0}}";
        var error = Assert.Throws<InvalidDataException>(() =>
            Decode($"{{\"level\":0,\"entries\":[{Entry(first)},{Entry(second)}]}}")
        );
        Assert.Contains("order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF_8_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"level":0,"entries":[{"path":"a?","sha256":"{{Hex}}","size":0}]}""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xff;
        Assert.Throws<InvalidDataException>(() => PageFormat.Decode(bytes, Self));
    }

    [Fact]
    public void Damaged_page_throws_only_InvalidDataException()
    {
        var good = PageFormat
            .Encode(new ManifestPage(0, [Trees.Entry("a", 1), Trees.Entry("b/c", 2, executable: true)]), Self)
            .ToArray();
        var random = new Random(5);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                PageFormat.Decode(bytes, Self);
            }
            catch (InvalidDataException)
            {
                // The page's digest reveals damage that the decoder can't detect.
            }
        }
    }

    [Fact]
    public void Type_name_in_JSON_loads_no_type()
    {
        const string Json = "{\"$type\":\"System.IO.FileInfo, System.Private.CoreLib\",\"level\":0,\"entries\":[]}";
        Assert.Empty(Decode(Json).Items);
        Assert.Equal(
            "{\"$type\":\"x\"}",
            SealedRecord.Parse("{\"$type\":\"x\"}").ToString(Newtonsoft.Json.Formatting.None)
        );
    }

    private static ManifestPage Decode(string json) => PageFormat.Decode(Encoding.UTF8.GetBytes(json), Self);

    private static string Describe(IPageItem item) =>
        item is ManifestEntry entry
            ? $"{entry.Path} {entry.Digest} {entry.Size} {entry.Executable} {entry.Uri} {entry.Target} {At(entry.Location)}"
        : ((PageReference)item) is var page
            ? $"{page.First} {page.Level} {page.Digest} {page.EntryCount} {page.TotalSize} {At(page.Location)} {page.Length}"
        : "";

    private static string At(BlobLocation location) =>
        $"{location.StoredIn} {location.Offset} {location.Encoding} {location.EncodedLength}";

    private static Gen<ManifestEntry> Entries =>
        from path in Gen.Elements("a", "b/c", "\uE000", "\U0001F600", "\"quoted\"", "</script>", "\u2028", "e\u0301")
        from number in Gen.Choose(0, 20)
        from kind in Gen.Choose(0, 6)
        let digest = Sha256.Of(BitConverter.GetBytes(number))
        let at = EntryPath.Parse(path + number)
        let size = number * 1000L
        select kind switch
        {
            0 => ManifestEntry.Reference(at, "https://example.com/\u00e9?x=" + number, digest, size),
            1 => ManifestEntry.ReferenceTo(at, "s3://bucket/key", null, PropertiesOf(number)),
            2 => File(at, digest, size, new StoredObject(digest), 0),
            3 => File(at, digest, size, Self, number),
            4 => File(at, digest, size, Self, number, BlobEncoding.Zstandard, 1 + number),
            5 => File(at, digest, size, Other, number, BlobEncoding.Chunked, 100 * (1 + number)),
            _ => File(at, digest, size, Other, 1L << 40),
        };

    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static TargetProperties PropertiesOf(int number) =>
        new()
        {
            Size = (number & 1) == 0 ? null : number,
            ETag = (number & 2) == 0 ? null : "\u00e9" + number,
            VersionId = (number & 4) == 0 ? null : "v" + number,
            LastModified = (number & 8) == 0 ? null : Modified.AddSeconds(number),
        };

    private static ManifestEntry File(
        EntryPath path,
        Digest digest,
        long size,
        StoredObject source,
        long offset,
        BlobEncoding encoding = BlobEncoding.Raw,
        int encodedLength = 0
    ) =>
        size == 0
            ? ManifestEntry.File(path, new Blob(Digest.OfNothing, 0, default), executable: true)
            : ManifestEntry.File(
                path,
                new Blob(digest, size, new BlobLocation(source, offset, encoding, encodedLength)),
                offset > 9
            );
}

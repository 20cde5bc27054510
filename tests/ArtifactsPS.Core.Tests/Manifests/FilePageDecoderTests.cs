using System.Text;

namespace ArtifactsPS.Core.Tests.Manifests;

public sealed class FilePageDecoderTests
{
    private static readonly StoredObject Self = new(Sha256.Of("this pack"u8));
    private static readonly StoredObject Other = new(Sha256.Of("another pack"u8));

    private static readonly ManifestPage Page = new(
        0,
        [
            File("a", 4, new BlobLocation(Self, 18), executable: true),
            File("b/\u00E9 \U0001F600", 1000, new BlobLocation(Other, 0, BlobEncoding.Zstandard, 900)),
            File("c", 9_000_000, new BlobLocation(Self, 3, BlobEncoding.Chunked, 700)),
            ManifestEntry.File(EntryPath.Parse("d"), new Blob(Digest.OfNothing, 0, default), executable: false),
            Whole("e", 1L << 40),
        ]
    );

    [Fact]
    public void Encoded_page_of_files_is_decoded() =>
        Assert.Equal(
            Page.Items.Select(Describe),
            new FilePageDecoder(PageFormat.Encode(Page, Self).Span, Self).TryRead()!.Items.Select(Describe)
        );

    [Fact]
    public void Encoded_page_without_entries_is_decoded() =>
        Assert.Empty(new FilePageDecoder(PageFormat.Encode(new ManifestPage(0, []), Self).Span, Self).TryRead()!.Items);

    [Fact]
    public void Other_pages_are_left_to_the_general_decoder()
    {
        var reference = ManifestEntry.Reference(EntryPath.Parse("r"), "https://example.com/x", null, 7);
        var bytes = PageFormat.Encode(new ManifestPage(0, [reference]), Self);
        Assert.Null(new FilePageDecoder(bytes.Span, Self).TryRead());
        Assert.Single(PageFormat.Decode(bytes.ToArray(), Self).Items);
    }

    [Fact]
    public void Damaged_page_is_decoded_as_by_the_general_decoder()
    {
        var good = PageFormat.Encode(Page, Self).ToArray();
        var replacements = "\"\\,:{}[] 0123456789abcde/.\0\u007F-"u8.ToArray();
        var random = new Random(7);
        var decoded = 0;
        for (var i = 0; i < 8000; i++)
        {
            var bytes = good.ToList();
            var at = random.Next(bytes.Count);
            var value = replacements[random.Next(replacements.Length)];
            if (i % 4 == 0)
                bytes.Insert(at, value);
            else if (i % 4 == 1)
                bytes.RemoveAt(at);
            else
                bytes[at] = i % 4 == 2 ? value : (byte)random.Next(256);
            if (new FilePageDecoder(bytes.ToArray(), Self).TryRead() is not { } page)
                continue;
            decoded++;
            var expected = PageFormat.DecodeAny(new ArraySegment<byte>([.. bytes]), Self);
            Assert.Equal(expected.Items.Select(Describe), page.Items.Select(Describe));
        }
        // A changed digit is another valid page.
        Assert.InRange(decoded, 500, 6000);
    }

    [Theory]
    [InlineData("\"at\":18", "\"at\":018")]
    [InlineData("\"at\":18", "\"at\":9223372036854775807")]
    [InlineData("\"in\":0", "\"in\":2")]
    [InlineData("\"size\":4", "\"size\":-4")]
    [InlineData("\"stored\":900", "\"stored\":1000")]
    [InlineData("\"stored\":900", "\"stored\":0")]
    [InlineData("\"chunks\":700", "\"chunks\":67108865")]
    [InlineData("\"path\":\"a\"", "\"path\":\"..\"")]
    [InlineData("\"path\":\"a\"", "\"path\":\"z\"")]
    [InlineData("\"path\":\"a\"", "\"path\":\"\\u0061\"")]
    public void Other_form_is_not_decoded(string from, string to)
    {
        var json = Encoding.UTF8.GetString(PageFormat.Encode(Page, Self).Span);
        Assert.Contains(from, json, StringComparison.Ordinal);
        Assert.Null(
            new FilePageDecoder(
                Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal)),
                Self
            ).TryRead()
        );
    }

    private static ManifestEntry File(string path, long size, BlobLocation location, bool executable = false) =>
        ManifestEntry.File(
            EntryPath.Parse(path),
            new Blob(Sha256.Of(Encoding.UTF8.GetBytes(path)), size, location),
            executable
        );

    private static ManifestEntry Whole(string path, long size)
    {
        var digest = Sha256.Of(Encoding.UTF8.GetBytes(path));
        return ManifestEntry.File(
            EntryPath.Parse(path),
            new Blob(digest, size, new BlobLocation(new StoredObject(digest), 0)),
            executable: false
        );
    }

    private static string Describe(IPageItem item)
    {
        var entry = (ManifestEntry)item;
        var (container, offset, encoding, length) = entry.Location;
        return $"{entry.Path} {entry.Digest} {entry.Size} {entry.Executable} {container?.Stored.Digest} {offset} {encoding} {length}";
    }
}

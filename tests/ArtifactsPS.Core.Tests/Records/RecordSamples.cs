using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>Parts of records with their JSON, and comparison of whole records.</summary>
internal static class RecordSamples
{
    // The first 32 bits of A in base64.
    public const string Prefix = "qqqqqg==";
    public const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    public const string Time = "2026-01-02T03:04:05.678Z";

    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    public static readonly JObject Metadata = JObject.Parse("""{"z":1,"a":{"b":[1.5,null,"x"]}}""");

    public const string MetadataText = """{"z":1,"a":{"b":[1.5,null,"x"]}}""";
    public const string RootText = $$"""{"level":1,"in":"{{B}}","at":7,"length":99}""";
    public const string PageText = $$"""
        {"digest":"{{A}}","level":1,"entries":2,"size":30,"in":"{{B}}","at":7,"length":99}
        """;

    public const string LinkText =
        """{"name":"network","version":2,"artifact":"net","store":"o","location":"/other"}""";

    public static readonly StorePlace Other = new("o", "/other");

    public static PageReference Root => new PageLocation(1, Parse(B), 7, 99).ToReference(Parse(A), 2, 30);

    public static VersionRecord Smallest =>
        new()
        {
            Number = 3,
            Type = TypeName.Parse("dataset"),
            Root = Root,
            CreatedAt = At,
            CreatedBy = "u@m",
        };

    public static Digest Parse(string hex) =>
        Digest.TryParseHex(hex.AsSpan(), out var digest) ? digest : throw new ArgumentException(hex, nameof(hex));

    public static void AssertRecord(string expected, byte[] record) =>
        Assert.Equal(
            $$"""{"sha256":"{{Sha256.Of(Encoding.UTF8.GetBytes(expected)).Hex}}","body":{{expected}}}""" + "\n",
            Encoding.UTF8.GetString(record)
        );

    public static void AssertText(string expected, JObject json) =>
        Assert.Equal(expected, json.ToString(Formatting.None));
}

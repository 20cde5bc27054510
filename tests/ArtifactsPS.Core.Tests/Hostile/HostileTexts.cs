using FsCheck;
using FsCheck.Fluent;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Random texts with many characters and sequences that parsers often handle incorrectly.</summary>
internal static class HostileTexts
{
    private static readonly string[] Pieces =
    [
        "/",
        "//",
        "\\",
        ".",
        "..",
        "../",
        ":",
        "@",
        "a",
        "B",
        "v1",
        "latest",
        "sha256:",
        "\0",
        "\n",
        "\u007f",
        "\u0085",
        "\u2028",
        "\ud83d",
        "\ude00",
        "\ud83d\ude00",
        "\ufeff",
        "e\u0301",
        "%2e%2e",
        "~",
        "*",
        "[",
        "CON",
        "C:",
        " ",
        "x:stream",
        "user:pw@",
        "https://",
        "file:///",
    ];

    public static Arbitrary<string> All =>
        Gen.OneOf(
                Gen.Elements(Pieces).ListOf().Select(string.Concat),
                Gen.Choose(0, 0xffff).Select(c => ((char)c).ToString()).ListOf().Select(string.Concat),
                from text in Gen.Elements(Pieces)
                from count in Gen.Choose(0, 5000)
                select string.Concat(Enumerable.Repeat(text, count))
            )
            .ToArbitrary();
}

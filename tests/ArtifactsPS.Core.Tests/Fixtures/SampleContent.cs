using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Generated content that compresses well, partly, or not at all. Equal seeds give equal content.</summary>
internal static class SampleContent
{
    private static readonly string[] Types = ["int", "string", "bool", "Task<long>", "IReadOnlyList<Entry>", "byte[]"];
    private static readonly string[] Verbs = ["Read", "Write", "Find", "Create", "Remove", "Compare", "Count", "Open"];
    private static readonly string[] Nouns =
    [
        "Page",
        "Entry",
        "Version",
        "Folder",
        "Chunk",
        "Object",
        "Alias",
        "Store",
    ];

    /// <summary>Bytes that don't compress.</summary>
    public static byte[] Random(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Text in the form of source code.</summary>
    public static byte[] Text(int size, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(size + 200);
        while (text.Length < size)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"    public {Pick(Types)} {Pick(Verbs)}{Pick(Nouns)}{random.Next(1000)}({Pick(Types)} {Pick(Nouns).ToLowerInvariant()}) =>\n        {Pick(Verbs)}{Pick(Nouns)}({random.Next(100)}, {Pick(Nouns).ToLowerInvariant()});\n"
            );
        return Encoding.ASCII.GetBytes(text.ToString(0, size));

        string Pick(string[] words) => words[random.Next(words.Length)];
    }

    /// <summary>Pieces of text, random bytes and zeros.</summary>
    public static byte[] Mixed(int size, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[size];
        for (var at = 0; at < size; )
        {
            var length = Math.Min(size - at, random.Next(1, 100_000));
            var piece = random.Next(3) switch
            {
                0 => Text(length, random.Next()),
                1 => Random(length, random.Next()),
                _ => new byte[length],
            };
            piece.CopyTo(bytes, at);
            at += length;
        }
        return bytes;
    }
}

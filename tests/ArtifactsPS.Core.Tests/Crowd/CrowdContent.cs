using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Crowd;

/// <summary>Content that crowd members publish. Each path has few variants, so that members publish equal content, and deleted
/// content again.</summary>
internal static class CrowdContent
{
    /// <summary>Artifact with a few small files.</summary>
    public const string Narrow = "narrow";

    /// <summary>Artifact with many small files.</summary>
    public const string Wide = "wide";

    /// <summary>Artifact with one large, chunked file.</summary>
    public const string Large = "large";

    /// <summary>Artifact whose versions several writers make together.</summary>
    public const string Joint = "joint";

    public static readonly string[] Names = [Narrow, Wide, Large, Joint];

    /// <summary>Number of files of <see cref="Wide"/>.</summary>
    public const int WideCount = 600;

    private const int NarrowCount = 6;
    private const int Variants = 4;

    /// <summary>Chooses a random path of an artifact.</summary>
    public static string PathIn(string name, Random random) =>
        name switch
        {
            Wide => $"w{random.Next(WideCount)}",
            Large => "big",
            _ => $"f{random.Next(NarrowCount)}",
        };

    /// <summary>Content of a variant of a file. It starts with the path and the variant's number.</summary>
    public static byte[] Bytes(string path, int variant)
    {
        var head = Encoding.UTF8.GetBytes($"{path} {variant}\n");
        if (path == "big")
        {
            var big = new byte[ContentWriter.LargeFileSize + 1000];
            new Random(17).NextBytes(big);
            head.CopyTo(big, 0);
            // In the middle, so that most chunks are equal in all variants.
            big[big.Length / 2] = (byte)variant;
            return big;
        }
        var bytes = new byte[path[0] == 'w' ? 40 : 100 + 3000 * variant];
        bytes.AsSpan().Fill((byte)('a' + variant));
        head.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>Chooses a random variant.</summary>
    public static int Variant(Random random) => random.Next(Variants);

    /// <summary>Whether bytes are the content of any variant of a file.</summary>
    public static bool IsVariant(string path, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, 100));
        var head = text[..Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))].Split(' ');
        return head.Length == 2
            && head[0] == path
            && int.TryParse(head[1], CultureInfo.InvariantCulture, out var variant)
            && bytes.AsSpan().SequenceEqual(Bytes(path, variant));
    }

    /// <summary>Reads and checks all files of a version.</summary>
    /// <returns>Paths of the version.</returns>
    /// <exception cref="InvalidDataException">A file has other content than was published.</exception>
    public static async Task<List<string>> ReadAllAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken))
        {
            var path = entry.Path.ToString();
            if (!IsVariant(path, await version.Store.Content.ReadAsync(entry.Blob, cancellationToken)))
                throw new InvalidDataException($"{version.Reference}: {path} has unexpected content.");
            paths.Add(path);
        }
        return paths;
    }
}

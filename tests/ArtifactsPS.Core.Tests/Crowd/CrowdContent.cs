using System.Globalization;
using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Crowd;

/// <summary>What the members of a crowd publish: of each path there are a few variants, so that they meet again, and
/// content that was deleted comes back.</summary>
internal static class CrowdContent
{
    /// <summary>Of a few small files.</summary>
    public const string Narrow = "narrow";

    /// <summary>Of many small files.</summary>
    public const string Wide = "wide";

    /// <summary>Of one large file, in chunks.</summary>
    public const string Large = "large";

    /// <summary>Made by several.</summary>
    public const string Joint = "joint";

    /// <summary>All names.</summary>
    public static readonly string[] Names = [Narrow, Wide, Large, Joint];

    /// <summary>How many files the artifact of that name has.</summary>
    public const int WideCount = 600;

    private const int NarrowCount = 6;
    private const int Variants = 4;

    /// <summary>A path that an artifact's versions may have.</summary>
    public static string PathIn(string name, Random random) =>
        name switch
        {
            Wide => $"w{random.Next(WideCount)}",
            Large => "big",
            _ => $"f{random.Next(NarrowCount)}",
        };

    /// <summary>The bytes of a variant of a file, which begin with its path and number.</summary>
    public static byte[] Bytes(string path, int variant)
    {
        var head = Encoding.UTF8.GetBytes($"{path} {variant}\n");
        if (path == "big")
        {
            var big = new byte[ContentWriter.LargeFileSize + 1000];
            new Random(17).NextBytes(big);
            head.CopyTo(big, 0);
            // Far from the beginning, so that most chunks stay.
            big[big.Length / 2] = (byte)variant;
            return big;
        }
        var bytes = new byte[path[0] == 'w' ? 40 : 100 + 3000 * variant];
        bytes.AsSpan().Fill((byte)('a' + variant));
        head.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>A variant's number.</summary>
    public static int Variant(Random random) => random.Next(Variants);

    /// <summary>Whether bytes are those of some variant of a file.</summary>
    public static bool IsRight(string path, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, 100));
        var head = text[..Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))].Split(' ');
        return head.Length == 2
            && head[0] == path
            && int.TryParse(head[1], CultureInfo.InvariantCulture, out var variant)
            && bytes.AsSpan().SequenceEqual(Bytes(path, variant));
    }

    /// <summary>Reads all files of a version.</summary>
    /// <returns>The paths.</returns>
    /// <exception cref="InvalidDataException">One is not what was published.</exception>
    public static async Task<List<string>> ReadAllAsync(PublishedVersion version, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken))
        {
            var path = entry.Path.ToString();
            if (!IsRight(path, await version.Store.Content.ReadAsync(entry.Blob, cancellationToken)))
                throw new InvalidDataException($"{version.Reference}: {path} is not what was published.");
            paths.Add(path);
        }
        return paths;
    }
}

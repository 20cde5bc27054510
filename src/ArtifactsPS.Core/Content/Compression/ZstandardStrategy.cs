namespace ArtifactsPS.Core.Content.Compression;

/// <summary>How thoroughly Zstandard searches content for repetitions. Frames don't depend on it.</summary>
/// <param name="Level">Compression level of zstd.</param>
/// <param name="MinMatch">Length in bytes of the shortest repetition that is searched for; 0 for that of the level.</param>
internal readonly record struct ZstandardStrategy(int Level, int MinMatch)
{
    private const int InspectedSize = 4 << 10;

    /// <summary>The default level of zstd. Levels below need 0.8 to 0.9 × the processor time for text, and their frames are 3 to
    /// 10 % longer.</summary>
    public static ZstandardStrategy Text => new(3, 0);

    /// <summary>Needs 0.7 × the processor time of the default level for programs, images and random bytes, and its frames are
    /// 2 % longer. With the shortest repetition of level 2, they would be 3 % longer.</summary>
    public static ZstandardStrategy Binary => new(2, 5);

    /// <summary>The strategy for content. As in git and grep, content with a zero byte near its start is binary.</summary>
    public static ZstandardStrategy For(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, InspectedSize)].IndexOf((byte)0) < 0 ? Text : Binary;
}

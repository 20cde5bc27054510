using System.Globalization;
using System.IO.Hashing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>
/// Keeps blocks of objects that were read from afar, on this machine: one file a block, with an XXH128 behind its bytes. A
/// block that is damaged is as good as not there. Since an object is named by its digest, one cache serves all stores.
/// Safe for concurrent callers and processes.
/// </summary>
/// <param name="files">Where the blocks are.</param>
internal sealed class BlockCache(CachedFiles files)
{
    /// <summary>In bytes; only an object's last block is shorter.</summary>
    public const int BlockSize = 1 << 20;

    /// <summary>What a buffer needs for a block and its checksum, in bytes.</summary>
    public const int BufferSize = BlockSize + ChecksumLength;

    private const int ChecksumLength = 16;

    /// <summary>The environment variable that says how much may be kept: bytes, or a number with KB, MB, GB or TB (powers
    /// of 1024, as in PowerShell); 0 for nothing.</summary>
    public const string LimitVariable = "ARTIFACTS_CACHE_LIMIT";

    private const string CacheName = "far";
    private const string FolderName = "objects";
    private const long DefaultLimit = 5L << 30;

    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>This user's cache; null where nothing is to be kept.</summary>
    /// <exception cref="InvalidCacheLimitException">What the environment says of its size can't be read.</exception>
    public static BlockCache? OfUser()
    {
        var limit = Environment.GetEnvironmentVariable(LimitVariable) is { Length: > 0 } text
            ? ParseLimit(text)
            : DefaultLimit;
        return limit > 0 ? new BlockCache(new CachedFiles(CacheFolder.PathOf(CacheName), limit)) : null;
    }

    /// <summary>Reads a size, in bytes.</summary>
    /// <exception cref="InvalidCacheLimitException">It is none.</exception>
    public static long ParseLimit(string text)
    {
        var unit = Array.FindIndex(Units, suffix => text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        var number = unit < 0 ? text : text.Substring(0, text.Length - Units[unit].Length);
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        return
            double.TryParse(number, Style, CultureInfo.InvariantCulture, out var value)
            && value * Math.Pow(1024, unit + 1) is var limit and < long.MaxValue
            ? (long)limit
            : throw new InvalidCacheLimitException(text);
    }

    /// <summary>Where the blocks are, and what else is kept of stores that are far away.</summary>
    public CachedFiles Files => files;

    /// <summary>How much an object may come to and still be kept as a whole, in bytes.</summary>
    public long LargestObject => files.Largest;

    /// <summary>Whether a block is there, damaged or not.</summary>
    public bool Has(string hex, long block) => File.Exists(PathOf(hex, block));

    /// <summary>Reads a block.</summary>
    /// <param name="hex">The object's digest.</param>
    /// <param name="block">The block's number.</param>
    /// <param name="buffer">Of <see cref="BufferSize"/>.</param>
    /// <returns>How many bytes it has; negative when it isn't there, or is damaged.</returns>
    public int TryRead(string hex, long block, byte[] buffer)
    {
        var path = PathOf(hex, block);
        try
        {
            using var file = CachedFiles.TryOpen(path);
            if (file is null)
                return -1;
            var length = file.ReadFully(buffer, 0, BufferSize) - ChecksumLength;
            if (length < 0 || !IsSound(buffer, length))
                return -1;
            CachedFiles.NoteUse(path);
            return length;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return -1;
        }
    }

    /// <summary>Keeps a block. Where there is no room, or no right to write, it isn't kept.</summary>
    /// <param name="hex">The object's digest.</param>
    /// <param name="block">The block's number.</param>
    /// <param name="buffer">Of <see cref="BufferSize"/>, the block at its beginning.</param>
    /// <param name="count">How many bytes the block has.</param>
    public void Write(string hex, long block, byte[] buffer, int count)
    {
        XxHash128.Hash(buffer.AsSpan(0, count), buffer.AsSpan(count, ChecksumLength));
        files.Write(PathOf(hex, block), new ArraySegment<byte>(buffer, 0, count + ChecksumLength));
    }

    /// <summary>Gives the blocks that were kept under one name another, if there are none under that.</summary>
    public void Rename(string from, string to)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FolderOf(to))!);
            Directory.Move(FolderOf(from), FolderOf(to));
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            Remove(from);
        }
    }

    /// <summary>Removes the blocks of an object.</summary>
    public void Remove(string hex)
    {
        try
        {
            Directory.Delete(FolderOf(hex), recursive: true);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // Another process is reading one; it will go with those that are not used.
        }
    }

    private static bool IsSound(byte[] buffer, int length)
    {
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(buffer.AsSpan(0, length), checksum);
        return checksum.SequenceEqual(buffer.AsSpan(length, ChecksumLength));
    }

    private string FolderOf(string hex) => files.PathOf(FolderName, hex.Substring(0, 2), hex);

    private string PathOf(string hex, long block) =>
        Path.Combine(FolderOf(hex), FormattableString.Invariant($"{block}"));
}

/// <summary>The environment says of the cache's size what is no size.</summary>
public sealed class InvalidCacheLimitException(string text)
    : ArtifactsException(
        $"'{text}' in the environment variable {BlockCache.LimitVariable} is no size. Give a number of bytes, or one with KB, MB, "
            + "GB or TB; 0 keeps nothing.",
        text
    )
{
    public override string ErrorId => "InvalidCacheLimit";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

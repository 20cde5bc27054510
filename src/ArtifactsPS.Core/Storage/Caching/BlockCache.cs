using System.Globalization;
using System.IO.Hashing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>
/// Caches blocks of remote objects on this machine. Each block is a file that ends with its XXH128, with the block's number as the
/// seed. A damaged block counts as missing. Objects are named by their digests, so one cache serves all stores.
/// Safe for concurrent callers and processes.
/// </summary>
internal sealed class BlockCache(CachedFiles files)
{
    /// <summary>Size of a block in bytes. Only the last block of an object may be shorter.</summary>
    public const int BlockSize = 1 << 20;

    /// <summary>Size of a buffer for a block and its checksum, in bytes.</summary>
    public const int BufferSize = BlockSize + ChecksumLength;

    private const int ChecksumLength = 16;

    /// <summary>Environment variable with the limit of the cache: bytes, or a number with KB, MB, GB or TB (powers of 1024,
    /// as in PowerShell); 0 for no cache.</summary>
    public const string LimitVariable = "ARTIFACTS_CACHE_LIMIT";

    private const string FolderName = "objects";
    private const long DefaultLimit = 5L << 30;

    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>Opens this user's cache; null if the limit is 0.</summary>
    /// <exception cref="InvalidCacheLimitException">The environment variable has an invalid limit.</exception>
    public static BlockCache? OfUser()
    {
        var limit = Environment.GetEnvironmentVariable(LimitVariable) is { Length: > 0 } text
            ? ParseLimit(text)
            : DefaultLimit;
        var files = new CachedFiles(CacheFolder.PathOf(CacheFolder.BlockCacheName), limit);
        files.ApplyLimit();
        return limit > 0 ? new BlockCache(files) : null;
    }

    /// <summary>Parses a limit, in bytes.</summary>
    /// <exception cref="InvalidCacheLimitException">The text is not a size.</exception>
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

    /// <summary>Files of the cache of remote stores, blocks and others.</summary>
    public CachedFiles Files => files;

    /// <summary>Largest object that is cached as a whole, in bytes.</summary>
    public long LargestObject => files.Largest;

    /// <summary>Whether a block exists, damaged or not.</summary>
    public bool Has(string hex, long block) => File.Exists(PathOf(hex, block));

    /// <summary>Reads a block.</summary>
    /// <param name="hex">Digest of the object.</param>
    /// <param name="block">Number of the block, from 0.</param>
    /// <param name="buffer">Buffer of <see cref="BufferSize"/> bytes.</param>
    /// <returns>Length of the block in bytes; negative if it is missing or damaged.</returns>
    public int TryRead(string hex, long block, byte[] buffer)
    {
        var path = PathOf(hex, block);
        try
        {
            using var file = CachedFiles.TryOpen(path);
            if (file is null)
                return -1;
            var length = file.ReadFully(buffer, 0, BufferSize) - ChecksumLength;
            if (length < 0 || !IsSound(buffer, length, block))
                return -1;
            CachedFiles.NoteUse(path);
            return length;
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return -1;
        }
    }

    /// <summary>Caches a block. Does nothing if the folder is full or can't be written.</summary>
    /// <param name="hex">Digest of the object.</param>
    /// <param name="block">Number of the block, from 0.</param>
    /// <param name="buffer">Buffer of <see cref="BufferSize"/> bytes that starts with the block.</param>
    /// <param name="count">Length of the block in bytes.</param>
    public void Write(string hex, long block, byte[] buffer, int count)
    {
        XxHash128.Hash(buffer.AsSpan(0, count), buffer.AsSpan(count, ChecksumLength), seed: block);
        files.Write(PathOf(hex, block), new ArraySegment<byte>(buffer, 0, count + ChecksumLength));
    }

    /// <summary>Renames the blocks of an object. Existing blocks of the new name stay.</summary>
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
            var folder = FolderOf(hex);
            foreach (var (name, isFolder, isLink) in FolderContent.Of(folder))
                if (!isFolder && !isLink && name.All(c => c is >= '0' and <= '9'))
                    File.Delete(Path.Combine(folder, name));
            Directory.Delete(folder, recursive: false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // Another process is reading a block. It is removed later, as unused.
        }
    }

    private static bool IsSound(byte[] buffer, int length, long block)
    {
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        XxHash128.Hash(buffer.AsSpan(0, length), checksum, seed: block);
        return checksum.SequenceEqual(buffer.AsSpan(length, ChecksumLength));
    }

    private string FolderOf(string hex) => files.PathOf(FolderName, hex.Substring(0, 2), hex);

    private string PathOf(string hex, long block) =>
        Path.Combine(FolderOf(hex), FormattableString.Invariant($"{block}"));
}

/// <summary>The environment variable has an invalid limit of the cache.</summary>
public sealed class InvalidCacheLimitException(string text)
    : ArtifactsException(
        $"Invalid size '{text}' in the environment variable {BlockCache.LimitVariable}. Give a number of bytes, or a number with KB, MB, "
            + "GB or TB; 0 turns the cache off.",
        text
    )
{
    public override string ErrorId => "InvalidCacheLimit";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

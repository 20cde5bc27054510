using System.Globalization;
using System.IO.Hashing;
using ArtifactsPS.Platform;

namespace ArtifactsPS.Stores;

/// <summary>
/// Keeps blocks of objects that were read from afar, on this machine: one file a block, with an XXH128 behind its bytes. A
/// block that is damaged is as good as not there; those not used for longest go when all come to more than a limit. Since
/// an object is named by its digest, one cache serves all stores. Safe for concurrent callers and processes.
/// </summary>
/// <param name="folder">Where the blocks are.</param>
/// <param name="limit">How much they may come to, in bytes.</param>
internal sealed class BlockCache(string folder, long limit)
{
    /// <summary>In bytes; only an object's last block is shorter.</summary>
    public const int BlockSize = 1 << 20;

    /// <summary>What a buffer needs for a block and its checksum, in bytes.</summary>
    public const int BufferSize = BlockSize + ChecksumLength;

    private const int ChecksumLength = 16;

    // A block's time is its last use, told this exactly.
    private static readonly TimeSpan UseIsToldEvery = TimeSpan.FromMinutes(10);

    /// <summary>The environment variable that says how much may be kept: bytes, or a number with KB, MB, GB or TB (powers
    /// of 1024, as in PowerShell); 0 for nothing.</summary>
    public const string LimitVariable = "ARTIFACTS_CACHE_LIMIT";

    private const string CacheName = "objects";
    private const long DefaultLimit = 5L << 30;

    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    private readonly object _lock = new();
    private long _total = -1;

    /// <summary>This user's cache; null where nothing is to be kept.</summary>
    /// <exception cref="InvalidCacheLimitException">What the environment says of its size can't be read.</exception>
    public static BlockCache? OfUser()
    {
        var limit = Environment.GetEnvironmentVariable(LimitVariable) is { Length: > 0 } text
            ? ParseLimit(text)
            : DefaultLimit;
        return limit > 0 ? new BlockCache(CacheFolder.PathOf(CacheName), limit) : null;
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

    /// <summary>How much an object may come to and still be kept as a whole, in bytes.</summary>
    public long LargestObject => limit / 4;

    /// <summary>Whether a block is there, damaged or not.</summary>
    public bool Has(string hex, long block) => File.Exists(PathOf(hex, block));

    /// <summary>Reads a block.</summary>
    /// <param name="hex">The object's digest.</param>
    /// <param name="block">The block's number.</param>
    /// <param name="buffer">Of <see cref="BufferSize"/>.</param>
    /// <returns>How many bytes it has; negative when it isn't there, or is damaged.</returns>
    public int TryRead(string hex, long block, byte[] buffer)
    {
        // Most often it isn't, and an exception takes longer to say so.
        if (!Has(hex, block))
            return -1;
        var path = PathOf(hex, block);
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1
            );
            var length = file.ReadFully(buffer, 0, BufferSize) - ChecksumLength;
            if (length < 0 || !IsSound(buffer, length))
                return -1;
            NoteUse(path);
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
        try
        {
            CacheFolder.CreatePrivate(folder);
            Directory.CreateDirectory(FolderOf(hex));
            XxHash128.Hash(buffer.AsSpan(0, count), buffer.AsSpan(count, ChecksumLength));
            var bytes = new ArraySegment<byte>(buffer, 0, count + ChecksumLength);
            FileReplacement.Write(PathOf(hex, block), bytes, executable: false);
            MakeRoom(bytes.Count);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // It will be read from afar again.
        }
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

    private static void NoteUse(string path)
    {
        var now = DateTime.UtcNow;
        if (now - File.GetLastWriteTimeUtc(path) > UseIsToldEvery)
            File.SetLastWriteTimeUtc(path, now);
    }

    // What other processes add is counted when this one has come to the limit by what it knows.
    private void MakeRoom(int added)
    {
        lock (_lock)
        {
            _total = _total < 0 ? CacheFolder.FilesBelow(folder).Sum(file => file.Length) : _total + added;
            if (_total <= limit)
                return;
            var files = CacheFolder.FilesBelow(folder).OrderBy(file => file.LastWriteTimeUtc).ToList();
            _total = files.Sum(file => file.Length);
            foreach (var file in files)
            {
                // A tenth more than needed, so that it isn't done again at once.
                if (_total <= limit - limit / 10)
                    break;
                _total -= file.Length;
                CacheFolder.TryDelete(file);
            }
        }
    }

    private string FolderOf(string hex) => Path.Combine(folder, hex.Substring(0, 2), hex);

    private string PathOf(string hex, long block) =>
        Path.Combine(FolderOf(hex), FormattableString.Invariant($"{block}"));
}

/// <summary>The environment says of the cache's size what is no size.</summary>
public sealed class InvalidCacheLimitException(string text)
    : ArtifactsException(
        $"'{text}' in the environment variable {BlockCache.LimitVariable} is no size. Give a number of bytes, or one with KB, MB, "
            + "GB or TB; 0 keeps nothing.",
        text
    );

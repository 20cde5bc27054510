using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Storage.Caching;

/// <summary>Other processes remove and damage blocks of the cache while it is read.</summary>
public sealed class CacheFaultProperties : IDisposable
{
    private const int Block = BlockCache.BlockSize;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryObjectStore _memory = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 30)]
    public async Task Faults_of_the_cache_never_change_a_read(int seed)
    {
        var random = new Random(seed);
        var store = new CachingObjectStore(_memory, Cache(limit: random.Next(2, 20) * Block));
        var objects = Enumerable.Range(0, 3).Select(_ => Put(random)).ToList();
        for (var read = 0; read < 8; read++)
        {
            var (key, bytes) = objects[random.Next(objects.Count)];
            var offset = random.Next(bytes.Length);
            int? length = random.Next(3) switch
            {
                0 => null,
                1 => random.Next(1, bytes.Length - offset + 1),
                _ => random.Next(1, Math.Min(100, bytes.Length - offset) + 1),
            };
            await using var stream = await store.OpenReadAsync(key, offset, length, Token);
            using var result = new MemoryStream();
            var buffer = new byte[random.Next(1, 2 * Block)];
            while (await stream!.ReadAsync(buffer, Token) is > 0 and var count)
            {
                result.Write(buffer, 0, count);
                Disturb(random);
            }
            var expected = bytes.AsSpan(offset, length ?? bytes.Length - offset);
            Assert.True(result.ToArray().AsSpan().SequenceEqual(expected));
        }
    }

    [Property(MaxTest = 30)]
    public async Task Faults_of_the_cache_never_change_a_blob(int seed)
    {
        var random = new Random(seed);
        var store = new CachingObjectStore(_memory, Cache(limit: 1 << 30));
        var reader = new ContentReader(store);
        var blobs = Enumerable.Range(0, 3).Select(_ => BlobOf(Put(random))).ToList();
        for (var read = 0; read < 8; read++)
        {
            var blob = blobs[random.Next(blobs.Count)];
            Disturb(random);
            // Blocks with a valid checksum, of an object that was damaged when it was cached.
            if (random.Next(2) == 0)
                Poison(store.Cache, blob, random);
            Assert.Equal(blob.Digest, Sha256.Of(await reader.ReadAsync(blob, Token)));
            await using var opened = await reader.OpenCheckedAsync(blob, Token);
            Assert.Equal(blob.Size, opened.Length);
        }
    }

    private static void Poison(BlockCache cache, Blob blob, Random random)
    {
        var buffer = new byte[BlockCache.BufferSize];
        random.NextBytes(buffer);
        var count = random.Next(3) switch
        {
            0 => 0,
            1 => random.Next(Block),
            _ => Block,
        };
        cache.Write(blob.Digest.Hex, random.Next((int)(blob.Size / Block) + 1), buffer, count);
    }

    private void Disturb(Random random)
    {
        var files = Directory.Exists(_folder["cache"])
            ? Directory.GetFiles(_folder["cache"], "*", SearchOption.AllDirectories)
            : [];
        foreach (var file in files.Where(_ => random.Next(4) == 0))
        {
            var bytes = File.ReadAllBytes(file);
            switch (random.Next(6))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    File.WriteAllBytes(file, []);
                    break;
                case 2:
                    File.WriteAllBytes(file, bytes[..random.Next(bytes.Length + 1)]);
                    break;
                case 3 when bytes.Length > 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                    File.WriteAllBytes(file, bytes);
                    break;
                case 4:
                    // Another block of the same object.
                    File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(file)!, $"{random.Next(6)}"), bytes);
                    break;
                default:
                    foreach (var each in files)
                        File.Delete(each);
                    return;
            }
        }
    }

    private BlockCache Cache(long limit) => new(new CachedFiles(_folder["cache"], limit));

    private (string Key, byte[] Bytes) Put(Random random)
    {
        var bytes = new byte[random.Next(1, 5) * Block + random.Next(-1, 2) * random.Next(0, 2000)];
        random.NextBytes(bytes);
        var key = StoreLayout.ObjectKey(Sha256.Of(bytes));
        _memory[key] = bytes;
        return (key, bytes);
    }

    private static Blob BlobOf((string Key, byte[] Bytes) stored)
    {
        var digest = Sha256.Of(stored.Bytes);
        return new Blob(digest, stored.Bytes.Length, new BlobLocation(new StoredObject(digest), 0));
    }
}

using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Content.Blobs;
using BenchmarkDotNet.Attributes;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>Hashing small blobs and writing them to packs, in memory.</summary>
public class PackingBenchmarks
{
    private const int Count = 10_000;

    private readonly byte[][] _blobs = new byte[Count][];

    [Params(1 << 10, 4 << 10)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Count; i++)
        {
            _blobs[i] = new byte[Size];
            RandomBytes.Fill(_blobs[i], (ulong)i);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task OneByOne()
    {
        await using var writer = new ContentWriter(new MemoryStore());
        foreach (var blob in _blobs)
            await writer.AddBytesAsync(blob, (_, _) => default, CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public async Task OnAllCores()
    {
        await using var writer = new ContentWriter(new MemoryStore());
        await Parallel.ForEachAsync(
            _blobs,
            async (blob, token) => await writer.AddBytesAsync(blob, (_, _) => default, token)
        );
        await writer.FlushAsync(CancellationToken.None);
    }
}

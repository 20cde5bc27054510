using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Values;
using BenchmarkDotNet.Attributes;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>SHA-256 in one call and incrementally.</summary>
public class HashingBenchmarks
{
    private byte[] _bytes = [];

    [Params(4 << 10, 1 << 20)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _bytes = new byte[Size];
        RandomBytes.Fill(_bytes, 1);
    }

    [Benchmark]
    public Digest OneCall() => Sha256.Of(_bytes);

    [Benchmark]
    public Digest Incremental()
    {
        using var hash = new Sha256();
        hash.Append(_bytes, 0, _bytes.Length);
        return hash.Finish();
    }
}

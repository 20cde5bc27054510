using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using BenchmarkDotNet.Attributes;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>Encoding, decoding and hashing one manifest page.</summary>
public class PageBenchmarks
{
    private const int Entries = 256;

    private readonly StoredObject _pack = new(new Digest(new byte[Digest.Length]));
    private readonly ManifestPage _page = new(0, [.. SampleEntries.Create(Entries).Select(change => change.Entry!)]);
    private byte[] _json = [];

    [GlobalSetup]
    public void Fill() => _json = PageFormat.Encode(_page, _pack).ToArray();

    [Benchmark(OperationsPerInvoke = Entries)]
    public int Encode() => PageFormat.Encode(_page, _pack).Length;

    [Benchmark(OperationsPerInvoke = Entries)]
    public int Decode() => PageFormat.Decode(_json, _pack).Items.Count;

    [Benchmark(OperationsPerInvoke = Entries)]
    public Digest DigestOf() => PageDigest.Of(_page);
}

using System.Runtime.InteropServices;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>Incompressible bytes that are the same in every run: SplitMix64, little-endian.</summary>
internal static class RandomBytes
{
    public static void Fill(Span<byte> bytes, ulong seed)
    {
        var state = seed * 0xD1342543DE82EF95;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i++)
            words[i] = Next(ref state);
        for (var i = words.Length * sizeof(ulong); i < bytes.Length; i++)
            bytes[i] = (byte)Next(ref state);
    }

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static int Between(int min, int max, ulong seed)
    {
        var state = seed * 0xD1342543DE82EF95 + 1;
        return min + (int)(Next(ref state) % (ulong)(max - min + 1));
    }

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

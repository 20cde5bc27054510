using System.Security.Cryptography;

namespace ArtifactsPS.Core.Values;

/// <summary>Computes SHA-256 of content in pieces or at once.</summary>
internal sealed class Sha256 : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(byte[] bytes, int offset, int count) => _hash.AppendData(bytes, offset, count);

    /// <summary>Returns the digest of the appended bytes, and resets the state.</summary>
    public Digest Finish() => new(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
#if NET
        Span<byte> hash = stackalloc byte[Digest.Length];
        SHA256.HashData(bytes, hash);
        return new Digest(hash);
#else
        using var sha = SHA256.Create();
        return new Digest(sha.ComputeHash(bytes.ToArray()));
#endif
    }

    public static Digest Of(byte[] bytes, int offset, int count)
    {
#if NET
        return Of(bytes.AsSpan(offset, count));
#else
        using var sha = SHA256.Create();
        return new Digest(sha.ComputeHash(bytes, offset, count));
#endif
    }
}

using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ArtifactsPS.Core.Content.Compression;

/// <summary>Zstandard in managed code, for systems without a native library.</summary>
internal sealed class ManagedZstandard : IZstandard
{
    private readonly ConcurrentBag<Compressor> _compressors = [];
    private readonly ConcurrentBag<Decompressor> _decompressors = [];

    /// <inheritdoc/>
    public int? TryCompress(ReadOnlySpan<byte> content, Span<byte> frame, ZstandardStrategy strategy)
    {
        if (!_compressors.TryTake(out var compressor))
            compressor = new Compressor();
        try
        {
            compressor.SetParameter(ZSTD_cParameter.ZSTD_c_compressionLevel, strategy.Level);
            compressor.SetParameter(ZSTD_cParameter.ZSTD_c_minMatch, strategy.MinMatch);
            return compressor.TryWrap(content, frame, out var length) ? length : null;
        }
        finally
        {
            _compressors.Add(compressor);
        }
    }

    /// <inheritdoc/>
    public int Decompress(ReadOnlySpan<byte> frame, Span<byte> content)
    {
        if (!_decompressors.TryTake(out var decompressor))
            decompressor = new Decompressor();
        try
        {
            return decompressor.Unwrap(frame, content);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"invalid Zstandard frame: {e.Message}", e);
        }
        finally
        {
            _decompressors.Add(decompressor);
        }
    }

    /// <inheritdoc/>
    public unsafe ulong? ContentSize(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
            return
                Methods.ZSTD_getFrameContentSize(start, (nuint)frame.Length)
                    is < ZstandardFrame.FirstInvalidSize
                        and var size
                ? size
                : null;
    }

    /// <inheritdoc/>
    public unsafe ulong? FrameLength(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var length = Methods.ZSTD_findFrameCompressedSize(start, (nuint)bytes.Length);
            return Methods.ZSTD_isError(length) ? null : length;
        }
    }
}

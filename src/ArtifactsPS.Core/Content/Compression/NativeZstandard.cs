using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.Content.Compression;

/// <summary>Zstandard by libzstd, the reference implementation. It compresses with about 0.6 × the processor time of managed
/// code, and needs no time to be compiled.</summary>
/// <remarks>Contexts are kept for later calls until the process ends. A call that fails leaves its context usable.</remarks>
internal sealed unsafe class NativeZstandard : IZstandard
{
    // ZSTD_error_dstSize_tooSmall in zstd_errors.h, whose numbers are stable.
    private const int TargetTooSmall = 70;

    // ZSTD_cParameter in zstd.h, whose numbers are stable.
    private const int CompressionLevel = 100;
    private const int MinMatch = 105;

    private readonly ConcurrentBag<nint> _compressors = [];
    private readonly ConcurrentBag<nint> _decompressors = [];

    private readonly delegate* unmanaged[Cdecl]<nint> _createCompressor;
    private readonly delegate* unmanaged[Cdecl]<nint> _createDecompressor;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _compress;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, nuint> _setParameter;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, ulong> _contentSize;
    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, nuint> _frameLength;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;
    private readonly delegate* unmanaged[Cdecl]<nuint, int> _errorCode;
    private readonly delegate* unmanaged[Cdecl]<nuint, nint> _errorName;

    private NativeZstandard(NativeLibraryFile library)
    {
        _createCompressor = (delegate* unmanaged[Cdecl]<nint>)library.Find("ZSTD_createCCtx");
        _createDecompressor = (delegate* unmanaged[Cdecl]<nint>)library.Find("ZSTD_createDCtx");
        _compress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)library.Find("ZSTD_compress2");
        _setParameter = (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)library.Find("ZSTD_CCtx_setParameter");
        _decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)
            library.Find("ZSTD_decompressDCtx");
        _contentSize = (delegate* unmanaged[Cdecl]<byte*, nuint, ulong>)library.Find("ZSTD_getFrameContentSize");
        _frameLength = (delegate* unmanaged[Cdecl]<byte*, nuint, nuint>)library.Find("ZSTD_findFrameCompressedSize");
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)library.Find("ZSTD_isError");
        _errorCode = (delegate* unmanaged[Cdecl]<nuint, int>)library.Find("ZSTD_getErrorCode");
        _errorName = (delegate* unmanaged[Cdecl]<nuint, nint>)library.Find("ZSTD_getErrorName");
    }

    /// <summary>Loads the library.</summary>
    /// <returns>Null if the module has none for this system, or the system refuses to load it.</returns>
    public static NativeZstandard? TryLoad() =>
        NativeLibraryFile.TryLoad("libzstd") is { } library ? new NativeZstandard(library) : null;

    /// <inheritdoc/>
    public int? TryCompress(ReadOnlySpan<byte> content, Span<byte> frame, ZstandardStrategy strategy)
    {
        var context = Take(_compressors, _createCompressor);
        try
        {
            Set(context, CompressionLevel, strategy.Level);
            Set(context, MinMatch, strategy.MinMatch);
            fixed (byte* source = content)
            fixed (byte* target = frame)
            {
                var length = _compress(context, target, (nuint)frame.Length, source, (nuint)content.Length);
                // Common for content that doesn't shrink, and so without the text of the failure.
                if (_isError(length) != 0 && _errorCode(length) == TargetTooSmall)
                    return null;
                return Failure(length) is not { } failure
                    ? (int)length
                    : throw new InvalidOperationException($"Zstandard failed: {failure}.");
            }
        }
        finally
        {
            _compressors.Add(context);
        }
    }

    /// <inheritdoc/>
    public int Decompress(ReadOnlySpan<byte> frame, Span<byte> content)
    {
        var context = Take(_decompressors, _createDecompressor);
        try
        {
            fixed (byte* source = frame)
            fixed (byte* target = content)
            {
                var length = _decompress(context, target, (nuint)content.Length, source, (nuint)frame.Length);
                return Failure(length) is { } failure
                    ? throw new InvalidDataException($"invalid Zstandard frame: {failure}")
                    : (int)length;
            }
        }
        finally
        {
            _decompressors.Add(context);
        }
    }

    /// <inheritdoc/>
    public ulong? ContentSize(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
            return _contentSize(start, (nuint)frame.Length) is < ZstandardFrame.FirstInvalidSize and var size
                ? size
                : null;
    }

    /// <inheritdoc/>
    public ulong? FrameLength(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var length = _frameLength(start, (nuint)bytes.Length);
            return _isError(length) != 0 ? null : length;
        }
    }

    private static nint Take(ConcurrentBag<nint> contexts, delegate* unmanaged[Cdecl]<nint> create)
    {
        if (contexts.TryTake(out var context))
            return context;
        context = create();
        return context == 0 ? throw new InvalidOperationException("Zstandard has no memory for its work.") : context;
    }

    private void Set(nint context, int parameter, int value)
    {
        if (Failure(_setParameter(context, parameter, value)) is { } failure)
            throw new InvalidOperationException($"Zstandard has no parameter {parameter} of {value}: {failure}.");
    }

    private string? Failure(nuint result) =>
        _isError(result) == 0 ? null : Marshal.PtrToStringAnsi(_errorName(result)) ?? "unknown error";
}

using System.Runtime.InteropServices;

namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>
/// Keeps free memory of a virtual machine ready for use. A guest that reports free blocks to its host ("free page
/// reporting") pays for each page when it uses the block again: 2 to 16 µs, which is more than writing the page. Without this,
/// times depend on what the machine did before. The memory is used once and then freed except one page of each block, and
/// Linux reports whole blocks only.
/// </summary>
internal sealed unsafe partial class WarmMemory : IDisposable
{
    // Free page reporting uses blocks of the size of a huge page.
    private const int BlockSize = 2 << 20;
    private const int MadviseDontNeed = 4;

    private void* _blocks;

    /// <param name="size">Memory to make ready, in bytes.</param>
    public WarmMemory(long size)
    {
        var count = size / BlockSize;
        _blocks = NativeMemory.AlignedAlloc((nuint)(count * BlockSize), BlockSize);
        var page = Environment.SystemPageSize;
        // All blocks are used before any is freed, or the same pages would be used again.
        for (var offset = 0L; offset < count * BlockSize; offset += page)
            *((byte*)_blocks + offset) = 1;
        for (var block = 0L; block < count; block++)
            _ = madvise((byte*)_blocks + block * BlockSize + page, (nuint)(BlockSize - page), MadviseDontNeed);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_blocks);
        _blocks = null;
    }

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);
}

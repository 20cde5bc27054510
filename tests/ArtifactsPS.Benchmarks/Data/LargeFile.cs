using System.Globalization;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>One file of random bytes. A change replaces some blocks in place and appends others.</summary>
/// <param name="root">Folder that contains all data sets.</param>
/// <param name="name">Name of the data set and of its folder.</param>
/// <param name="blocks">Number of 1 MiB blocks in the file.</param>
/// <param name="changing">Number of blocks that change, spread evenly.</param>
/// <param name="appended">Number of blocks that a change appends.</param>
internal sealed class LargeFile(string root, string name, int blocks, int changing, int appended) : DataSet(root, name)
{
    private const int BlockSize = 1 << 20;
    private const ulong Seeds = 1UL << 40;

    public override string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"one file of {blocks:N0} MiB of random bytes; a change replaces {changing:N0} MiB{Appended}"
        );

    private string Appended =>
        appended == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and appends {appended:N0} MiB");

    public override string ChangingFile => "data.bin";

    private string FilePath => Path.Combine(Folder, ChangingFile);

    public override void Change(int seed)
    {
        using var file = File.OpenHandle(FilePath, FileMode.Open, FileAccess.ReadWrite);
        for (var i = 0; i < changing; i++)
            Write(file, ChangingBlock(i), Seeds + (ulong)seed);
        for (var i = 0; i < appended; i++)
            Write(file, blocks + i, Seeds + (ulong)seed);
    }

    public override void Undo()
    {
        using var file = File.OpenHandle(FilePath, FileMode.Open, FileAccess.ReadWrite);
        if (IsOriginal(file))
            return;
        for (var i = 0; i < changing; i++)
            Write(file, ChangingBlock(i), Seeds);
        RandomAccess.SetLength(file, (long)blocks * BlockSize);
    }

    protected override void Create()
    {
        using var file = File.OpenHandle(FilePath, FileMode.Create, FileAccess.ReadWrite);
        for (var i = 0; i < blocks; i++)
            Write(file, i, Seeds);
    }

    private long ChangingBlock(int index) => (long)index * blocks / changing;

    private bool IsOriginal(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        if (RandomAccess.GetLength(file) != (long)blocks * BlockSize)
            return false;
        var found = new byte[BlockSize];
        var expected = new byte[BlockSize];
        for (var i = 0; i < changing; i++)
        {
            RandomAccess.Read(file, found, ChangingBlock(i) * BlockSize);
            RandomBytes.Fill(expected, SeedOf(ChangingBlock(i), Seeds));
            if (!found.AsSpan().SequenceEqual(expected))
                return false;
        }
        return true;
    }

    private static void Write(Microsoft.Win32.SafeHandles.SafeFileHandle file, long block, ulong seeds)
    {
        var bytes = new byte[BlockSize];
        RandomBytes.Fill(bytes, SeedOf(block, seeds));
        RandomAccess.Write(file, bytes, block * BlockSize);
    }

    private static ulong SeedOf(long block, ulong seeds) => seeds * 31 + (ulong)block;
}

using System.Globalization;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>One file of random bytes, of which some blocks change in place and some are appended.</summary>
/// <param name="root">The folder that all data sets are kept in.</param>
/// <param name="name">Its name.</param>
/// <param name="blocks">How many blocks of 1 MiB it has.</param>
/// <param name="changing">How many of them change, spread evenly.</param>
/// <param name="appended">How many come after them.</param>
internal sealed class LargeFile(string root, string name, int blocks, int changing, int appended) : DataSet(root, name)
{
    private const int BlockSize = 1 << 20;
    private const ulong Seeds = 1UL << 40;

    public override string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"one file of {blocks:N0} MiB of random bytes, of which {changing:N0} MiB change in place{Appended}"
        );

    private string Appended =>
        appended == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; then {appended:N0} MiB are appended");

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

    protected override void Make()
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

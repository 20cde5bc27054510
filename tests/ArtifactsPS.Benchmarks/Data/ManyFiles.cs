using System.Globalization;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>Small files of random bytes, spread evenly over folders.</summary>
internal sealed class ManyFiles(string root, string name, int count, int folders, int minSize, int maxSize)
    : DataSet(root, name)
{
    private const ulong ChangedSeeds = 1UL << 32;

    public override string Description =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} files of {Sizes} random bytes in {folders:N0} folders"
        );

    public override string ChangingFile => PathOf(count / 2);

    private string Sizes =>
        minSize == maxSize
            ? minSize.ToString("N0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{minSize:N0} to {maxSize:N0}");

    private string ChangingPath => Path.Combine(Folder, ChangingFile);

    public override void Change(int seed) => File.WriteAllBytes(ChangingPath, Content(ChangedSeeds + (ulong)seed));

    public override void Undo()
    {
        var original = Content((ulong)(count / 2));
        if (!File.ReadAllBytes(ChangingPath).AsSpan().SequenceEqual(original))
            File.WriteAllBytes(ChangingPath, original);
    }

    protected override void Create()
    {
        for (var i = 0; i < folders; i++)
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, PathOf(i)))!);
        Parallel.For(0, count, i => File.WriteAllBytes(Path.Combine(Folder, PathOf(i)), Content((ulong)i)));
    }

    private string PathOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"d{index % folders:D4}/f{index:D7}.bin");

    private byte[] Content(ulong seed)
    {
        var bytes = new byte[RandomBytes.Between(minSize, maxSize, seed)];
        RandomBytes.Fill(bytes, seed);
        return bytes;
    }
}

using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>All data sets, by name.</summary>
internal static class DataSets
{
    public static readonly IReadOnlyList<string> Names = ["small", "big", "sdk", "src", "million", "grown"];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="root">Folder that contains all data sets.</param>
    /// <param name="scale">1 for full size; less for a quick trial.</param>
    /// <param name="sources">Folder to copy as <c>src</c>; null for none.</param>
    public static DataSet Find(string name, string root, double scale, string? sources)
    {
        var folder = scale == 1 ? name : FormattableString.Invariant($"{name}-{scale}");
        return name switch
        {
            "small" => new ManyFiles(root, folder, Scaled(100_000), 100, 4096, 4096),
            "million" => new ManyFiles(root, folder, Scaled(1_000_000), 1_000, 100, 2_000),
            "big" => new LargeFile(root, folder, Scaled(2048), changing: 1, appended: 0),
            "grown" => new LargeFile(root, folder, Scaled(1024), Scaled(10), Scaled(10)),
            // Not scaled: part of a real folder is not representative.
            "sdk" => CopiedFolder.OfSdk(root, name),
            "src" => CopiedFolder.OfSources(
                root,
                name,
                sources ?? throw new ArgumentException("Data set src needs --sources.", nameof(sources))
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown data set."),
        };

        int Scaled(int number) => Math.Max(1, (int)(number * scale));
    }
}

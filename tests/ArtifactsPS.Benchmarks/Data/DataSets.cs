using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>The data sets there are.</summary>
internal static class DataSets
{
    public static readonly IReadOnlyList<string> Names = ["small", "big", "sdk", "million", "grown"];

    /// <summary>Finds a data set.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="root">Where it is kept.</param>
    /// <param name="scale">1 for full size; a part of it, to try things out.</param>
    public static DataSet Find(string name, string root, double scale)
    {
        var folder = scale == 1 ? name : FormattableString.Invariant($"{name}-{scale}");
        return name switch
        {
            "small" => new ManyFiles(root, folder, Scaled(100_000), 100, 4096, 4096),
            "million" => new ManyFiles(root, folder, Scaled(1_000_000), 1_000, 100, 2_000),
            "big" => new LargeFile(root, folder, Scaled(2048), changing: 1, appended: 0),
            "grown" => new LargeFile(root, folder, Scaled(1024), Scaled(10), Scaled(10)),
            // As it is: half an SDK is none.
            "sdk" => new SdkFolder(root, name),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such data set."),
        };

        int Scaled(int number) => Math.Max(1, (int)(number * scale));
    }
}

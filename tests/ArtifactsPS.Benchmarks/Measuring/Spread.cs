namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>Several measurements of one thing, from the least to the greatest.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Least => _sorted[0];

    public double Greatest => _sorted[^1];

    public double Median =>
        _sorted.Length % 2 == 1
            ? _sorted[_sorted.Length / 2]
            : (_sorted[_sorted.Length / 2 - 1] + _sorted[_sorted.Length / 2]) / 2;
}

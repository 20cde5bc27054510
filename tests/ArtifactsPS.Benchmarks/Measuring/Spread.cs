namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>Minimum, median and maximum of several measurements.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    public double Median =>
        _sorted.Length % 2 == 1
            ? _sorted[_sorted.Length / 2]
            : (_sorted[_sorted.Length / 2 - 1] + _sorted[_sorted.Length / 2]) / 2;
}

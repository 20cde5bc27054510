using System.Globalization;
using ArtifactsPS.Benchmarks.Measuring;

namespace ArtifactsPS.Benchmarks.Startup;

/// <summary>A limit, and the figures measured for it.</summary>
/// <param name="Name">Description of the work.</param>
/// <param name="Limit">Largest median that reaches the goal.</param>
/// <param name="Unit">Unit of the figures, such as <c>ms</c>.</param>
internal sealed record Goal(string Name, double Limit, string Unit)
{
    private readonly List<double> _figures = [];

    public void Add(double figure) => _figures.Add(figure);

    public void Add(IEnumerable<double> figures) => _figures.AddRange(figures);

    /// <summary>Median of the figures.</summary>
    public double Median => new Spread(_figures).Median;

    /// <summary>Cells of a table's row: name, goal, median, range, and whether it is reached.</summary>
    public string[] ToCells()
    {
        var spread = new Spread(_figures);
        return
        [
            Name,
            spread.Median <= Limit ? "reached" : "not reached",
            $"≤ {Format(Limit)}",
            Format(spread.Median),
            string.Create(CultureInfo.InvariantCulture, $"{Number(spread.Min)}–{Format(spread.Max)}"),
        ];
    }

    private string Format(double figure) => $"{Number(figure)} {Unit}";

    private static string Number(double figure) =>
        figure.ToString(figure < 10 ? "0.0#" : "0", CultureInfo.InvariantCulture);
}

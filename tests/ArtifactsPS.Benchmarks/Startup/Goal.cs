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
    private readonly List<double> _processor = [];

    public void Add(double figure) => _figures.Add(figure);

    public void Add(IEnumerable<StepTime> times)
    {
        foreach (var time in times)
        {
            _figures.Add(time.Wall);
            _processor.Add(time.Processor);
        }
    }

    /// <summary>Median of the figures.</summary>
    public double Median => new Spread(_figures).Median;

    /// <summary>Headings of <see cref="ToCells"/>.</summary>
    public static string[] Headings => ["work", "result", "goal", "median", "range", "processor"];

    /// <summary>Cells of a table's row.</summary>
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
            _processor.Count > 0 ? Format(new Spread(_processor).Median) : "",
        ];
    }

    private string Format(double figure) => $"{Number(figure)} {Unit}";

    private static string Number(double figure) =>
        figure.ToString(figure < 10 ? "0.0#" : "0", CultureInfo.InvariantCulture);
}

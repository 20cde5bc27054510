using System.Text;

namespace ArtifactsPS.Benchmarks.Reports;

/// <summary>A Markdown table with padded columns: text aligned left, numbers right.</summary>
/// <param name="textColumns">Number of text columns, which come first.</param>
/// <param name="headings">Headings of all columns.</param>
internal sealed class MarkdownTable(int textColumns, params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = headings.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        AppendRow(_rows[0]);
        AppendRow([.. widths.Select((width, column) => column < textColumns ? new string('-', width) : Ruler(width))]);
        foreach (var row in _rows.Skip(1))
            AppendRow(row);
        return text.ToString();

        void AppendRow(string[] cells)
        {
            var padded = cells.Select(
                (cell, column) => column < textColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])
            );
            text.Append("| ").AppendJoin(" | ", padded).Append(" |\n");
        }
    }

    private static string Ruler(int width) => new string('-', Math.Max(1, width - 1)) + ":";
}

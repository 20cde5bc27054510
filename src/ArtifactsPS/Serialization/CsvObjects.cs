using System.Globalization;
using System.Management.Automation;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Objects as CSV: a column for each property of any object, with values as invariant text. Plain values are written to
/// one column, <c>Value</c>.
/// </summary>
internal sealed class CsvObjects : IObjectSerializer
{
    private const string ValueColumn = "Value";

    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\n",
        // A line whose field count differs from the header is invalid.
        DetectColumnCountChanges = true,
    };

    public byte[] Write(IReadOnlyList<object?> objects)
    {
        var rows = objects.Select(RowOf).ToList();
        var columns = rows.SelectMany(row => row.Keys).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, Configuration))
        {
            WriteRow(csv, columns);
            foreach (var row in rows)
                WriteRow(csv, columns.Select(column => row.TryGetValue(column, out var value) ? value : ""));
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public IEnumerable<object?> Read(TextReader text)
    {
        var objects = new List<object?>();
        try
        {
            using var csv = new CsvReader(text, Configuration);
            if (!csv.Read() || !csv.ReadHeader())
                return objects;
            while (csv.Read())
            {
                var item = new PSObject();
                foreach (var column in csv.HeaderRecord!)
                    item.Properties.Add(new PSNoteProperty(column, csv.GetField(column)));
                objects.Add(item);
            }
        }
        catch (Exception e) when (e is CsvHelperException or ExtendedTypeSystemException)
        {
            throw new FormatException(e.Message.Split('\n')[0].Trim(), e);
        }
        return objects;
    }

    private static Dictionary<string, string> RowOf(object? item)
    {
        var row = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in ObjectFormats.RecordOf(item) ?? [new(ValueColumn, item)])
            row[property.Key] = TextObjects.TextOf(property.Value);
        return row;
    }

    private static void WriteRow(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (var field in fields)
            csv.WriteField(field);
        csv.NextRecord();
    }
}

using System.Management.Automation;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Objects as CSV: a column for each property of any object, with values as invariant text. Null is an empty field, and an
/// empty text a quoted one. Plain values are written to one column, <c>Value</c>.
/// </summary>
/// <param name="textKept">Called with the name of a property that has a value which is no text, number or the like.</param>
internal sealed class CsvObjects(Action<string> textKept) : IObjectSerializer
{
    public const string ValueColumn = "Value";

    public IObjectWriter CreateWriter() => new CsvObjectWriter(textKept);

    public IEnumerable<object?> Read(TextReader text)
    {
        var rows = new CsvRows(text);
        // The type that Export-Csv writes on request.
        rows.SkipTypeLine();
        if (rows.Next() is not { } header)
            yield break;
        var columns = ColumnsOf(header);
        PSObject? first = null;
        while (rows.Next() is { } fields)
        {
            if (fields.Count > columns.Length)
                throw new FormatException(
                    $"line {rows.Line} has {fields.Count} values, but there are {columns.Length} columns."
                );
            var item = new PSObject();
            for (var i = 0; i < columns.Length; i++)
                Add(item, new PSNoteProperty(columns[i], i < fields.Count ? fields[i] : null), first is null);
            first ??= item;
            yield return item;
        }
    }

    private static string[] ColumnsOf(IReadOnlyList<string?> header)
    {
        var columns = new string[header.Count];
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Length; i++)
            if (header[i] is { Length: > 0 } name && !known.Add(name))
                throw new FormatException($"there are two columns '{name}'.");
        // As Import-Csv names them.
        for (int i = 0, number = 1; i < columns.Length; i++)
        {
            columns[i] = header[i] is { Length: > 0 } name ? name : "";
            while (columns[i].Length == 0)
            {
                var generated = FormattableString.Invariant($"H{number++}");
                if (known.Add(generated))
                    columns[i] = generated;
            }
        }
        return columns;
    }

    // Names are the same in all rows, so that those of the first are checked.
    private static void Add(PSObject item, PSNoteProperty property, bool isChecked)
    {
        try
        {
            item.Properties.Add(property, preValidated: !isChecked);
        }
        catch (ExtendedTypeSystemException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}

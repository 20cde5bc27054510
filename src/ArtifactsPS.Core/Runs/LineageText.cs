using System.Text;

namespace ArtifactsPS.Core.Runs;

/// <summary>
/// Draws a lineage in the languages of Mermaid (https://mermaid.js.org, a flowchart) and Graphviz
/// (https://graphviz.org/doc/info/lang.html). Versions are boxes, runs are rounded boxes, deleted items are dashed.
/// </summary>
public static class LineageText
{
    /// <summary>Returns a Mermaid flowchart, from left to right.</summary>
    public static string ToMermaid(Lineage lineage)
    {
        var names = NamesOf(lineage);
        var text = new StringBuilder("flowchart LR\n");
        foreach (var node in lineage.Nodes)
        {
            var label = $"\"{string.Join("<br/>", LabelOf(node).Select(EscapeMermaid))}\"";
            text.Append("    ").Append(names[node.Id]);
            text.Append(node.Kind == LineageKind.Run ? $"([{label}])" : $"[{label}]");
            text.Append(node.IsGone ? ":::gone\n" : "\n");
        }
        foreach (var edge in lineage.Edges)
            text.Append("    ").Append(names[edge.From]).Append(" --> ").Append(names[edge.To]).Append('\n');
        if (lineage.Nodes.Any(node => node.IsGone))
            text.Append("    classDef gone stroke-dasharray: 5 5\n");
        return text.ToString();
    }

    /// <summary>Returns a Graphviz digraph, from left to right.</summary>
    public static string ToDot(Lineage lineage)
    {
        var names = NamesOf(lineage);
        var text = new StringBuilder("digraph lineage {\n    rankdir=LR;\n    node [shape=box];\n");
        foreach (var node in lineage.Nodes)
        {
            var style = (node.Kind == LineageKind.Run ? "rounded" : "") + (node.IsGone ? ",dashed" : "");
            var label = string.Join("\\n", LabelOf(node).Select(EscapeDot));
            text.Append("    ").Append(names[node.Id]).Append(" [label=\"").Append(label).Append('"');
            text.Append(style.Length > 0 ? $", style=\"{style.TrimStart(',')}\"];\n" : "];\n");
        }
        foreach (var edge in lineage.Edges)
            text.Append("    ").Append(names[edge.From]).Append(" -> ").Append(names[edge.To]).Append(";\n");
        return text.Append("}\n").ToString();
    }

    private static Dictionary<string, string> NamesOf(Lineage lineage) =>
        lineage
            .Nodes.Select((node, i) => (node.Id, Name: $"n{i}"))
            .ToDictionary(item => item.Id, item => item.Name, StringComparer.Ordinal);

    private static IEnumerable<string> LabelOf(LineageNode node)
    {
        yield return OnOneLine(node.Name);
        if (node.Kind == LineageKind.Run && node.Name != node.Id)
            yield return node.Id;
        if (node.IsGone)
            yield return "(gone)";
    }

    private static string OnOneLine(string text)
    {
        var line = new StringBuilder(text).Replace("\r\n", " ");
        for (var i = 0; i < line.Length; i++)
            if (char.IsControl(line[i]))
                line[i] = ' ';
        return line.ToString();
    }

    // Mermaid has HTML entities, written with # instead of &. All characters that may have a meaning are escaped: Mermaid
    // also has directives, formulas, line breaks and, in earlier releases, Markdown lists.
    private static string EscapeMermaid(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPlain =
                c >= 0x80
                || char.IsLetterOrDigit(c)
                || c is ' ' or '_' or ':' or '/' or ',' or '(' or ')'
                || c is '-' or '.' && i + 1 < text.Length && text[i + 1] != ' ';
            if (isPlain)
                escaped.Append(c);
            else
                escaped.Append('#').Append((int)c).Append(';');
        }
        return escaped.ToString();
    }

    // Graphviz decodes HTML entities in all labels.
    private static string EscapeDot(string text) =>
        text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("&", "&amp;");
}

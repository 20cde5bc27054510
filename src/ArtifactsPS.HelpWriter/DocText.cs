using System.Text;
using System.Xml.Linq;

namespace ArtifactsPS.HelpWriter;

/// <summary>Turns the contents of a doc comment into plain text.</summary>
/// <param name="cmdletNames">The names of cmdlets, by the full names of their classes.</param>
internal sealed class DocText(IReadOnlyDictionary<string, string> cmdletNames)
{
    /// <summary>The paragraphs of an element, each one line; <c>para</c> and <c>code</c> part them.</summary>
    public IReadOnlyList<string> Paragraphs(XElement? element)
    {
        var paragraphs = new List<string>();
        var current = new StringBuilder();
        foreach (var node in element?.Nodes() ?? [])
            if (node is XElement { Name.LocalName: "para" or "code" } block)
            {
                End();
                if (block.Name == "para")
                    paragraphs.AddRange(Paragraphs(block));
            }
            else
                current.Append(Inline(node));
        End();
        return paragraphs;

        void End()
        {
            var text = string.Join(' ', current.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            current.Clear();
            if (text.Length > 0)
                paragraphs.Add(text);
        }
    }

    /// <summary>A <c>code</c> element's lines as they are, without the indentation that they have in common.</summary>
    public static string Code(XElement element)
    {
        var lines = element.Value.Split('\n').Select(line => line.TrimEnd()).ToList();
        // What stands on the line of the opening tag has no indentation of its own.
        var indented = lines.Skip(1).Where(line => line.Length > 0).ToList();
        var indentation = indented.Count == 0 ? 0 : indented.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select((line, i) => i == 0 || line.Length == 0 ? line : line[indentation..]))
            .Trim();
    }

    /// <summary>The name of what a <c>cref</c> leads to, as users know it.</summary>
    public string Name(string cref)
    {
        var member = cref[2..];
        var name = member[(member.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal)
            ? $"-{name}"
            : cmdletNames.GetValueOrDefault(member, name);
    }

    private string Inline(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement element when element.Attribute("cref") is { } cref => Name(cref.Value),
            XElement element when element.Attribute("langword") is { } word => word.Value,
            XElement element => string.Concat(element.Nodes().Select(Inline)),
            _ => "",
        };
}

using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace ArtifactsPS.HelpWriter;

/// <summary>Reads the hand-written texts of a page in the PlatyPS schema 2.0.0.</summary>
internal static partial class HelpPageReader
{
    private sealed record Section(int Level, string Title, string Content);

    public static HelpPage Read(string text)
    {
        var sections = Sections(text);
        return new HelpPage
        {
            Synopsis = Content("SYNOPSIS"),
            Description = Content("DESCRIPTION"),
            Examples =
            [
                .. Below("EXAMPLES").Select(example => new ExampleText(TitleOf(example.Title), example.Content)),
            ],
            Parameters = Texts("PARAMETERS", section => section.Title.TrimStart('-')),
            Inputs = Texts("INPUTS", section => section.Title),
            Outputs = Texts("OUTPUTS", section => section.Title),
            Notes = Content("NOTES"),
            Links = Content("RELATED LINKS"),
        };

        string Content(string title) => sections.Find(section => IsHeading(section, title))?.Content ?? "";

        IEnumerable<Section> Below(string title) =>
            sections
                .SkipWhile(section => !IsHeading(section, title))
                .Skip(1)
                .TakeWhile(section => section.Level > 2)
                .Where(section => section.Title != HelpPageWriter.CommonParameters);

        Dictionary<string, string> Texts(string title, Func<Section, string> name) =>
            Below(title)
                .GroupBy(name, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => WithoutFacts(group.First().Content), StringComparer.Ordinal);
    }

    private static bool IsHeading(Section section, string title) => section.Level == 2 && section.Title == title;

    private static List<Section> Sections(string text)
    {
        var headings = MarkdownText.Parse(text).OfType<HeadingBlock>().Where(heading => heading.Level <= 3).ToList();
        return
        [
            .. headings.Select(
                (heading, i) =>
                {
                    var end = i + 1 < headings.Count ? headings[i + 1].Span.Start : text.Length;
                    return new Section(
                        heading.Level,
                        text[heading.Span.Start..(heading.Span.End + 1)].TrimStart('#').Trim(),
                        text[(heading.Span.End + 1)..end].Trim()
                    );
                }
            ),
        ];
    }

    // The metadata of a parameter is in YAML blocks below its text.
    private static string WithoutFacts(string content) =>
        MarkdownText.Parse(content).OfType<FencedCodeBlock>().FirstOrDefault(block => block.Info == "yaml") is { } facts
            ? content[..facts.Span.Start].Trim()
            : content;

    private static string TitleOf(string heading) => ExampleNumber().Replace(heading, "");

    [GeneratedRegex(@"^Example \d+(: )?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExampleNumber();
}

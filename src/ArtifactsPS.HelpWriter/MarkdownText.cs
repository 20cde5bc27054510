using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace ArtifactsPS.HelpWriter;

/// <summary>Markdown as the plain text that Get-Help shows.</summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseYamlFrontMatter()
        .UsePreciseSourceLocation()
        .Build();

    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown, Pipeline);

    /// <summary>The paragraphs, each one line, and the items of lists; code is left out.</summary>
    /// <exception cref="NotSupportedException">There is something that plain text doesn't have, such as a table.</exception>
    public static IReadOnlyList<string> Paragraphs(string markdown) => [.. Parse(markdown).SelectMany(Paragraphs)];

    /// <summary>The code in a text, block after block.</summary>
    public static string Code(string markdown) =>
        string.Join('\n', Parse(markdown).OfType<FencedCodeBlock>().Select(block => block.Lines.ToString()));

    /// <summary>The links in a text.</summary>
    public static IEnumerable<LinkHelp> Links(string markdown) =>
        Parse(markdown).Descendants<LinkInline>().Select(link => new LinkHelp(Plain(link), link.Url ?? ""));

    private static IEnumerable<string> Paragraphs(Block block) =>
        block switch
        {
            FencedCodeBlock or YamlFrontMatterBlock => [],
            ParagraphBlock paragraph => [Plain(paragraph.Inline)],
            ListBlock list => list.OfType<ListItemBlock>()
                .Select(item => "- " + string.Join(' ', item.SelectMany(Paragraphs))),
            _ => throw new NotSupportedException(
                $"Help has paragraphs, lists and code, and no {block.GetType().Name}."
            ),
        };

    private static string Plain(ContainerInline? inlines) => string.Concat((inlines ?? []).Select(Plain));

    private static string Plain(Inline inline) =>
        inline switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            LineBreakInline => " ",
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            ContainerInline container => string.Concat(container.Select(Plain)),
            _ => throw new NotSupportedException($"Help has text, code and links, and no {inline.GetType().Name}."),
        };
}

using System.Globalization;
using System.Text;

namespace ArtifactsPS.HelpWriter;

/// <summary>
/// Writes a page in the PlatyPS schema 2.0.0 from hand-written texts and metadata. Missing texts become placeholders in
/// double braces, as in PlatyPS.
/// </summary>
internal sealed class HelpPageWriter
{
    public const string CommonParameters = "CommonParameters";
    public const string Placeholder = "{{ Fill in ";

    private const int Width = 110;

    private readonly StringBuilder _text = new();

    private HelpPageWriter() { }

    /// <param name="facts">What the engine knows.</param>
    /// <param name="page">What people wrote.</param>
    /// <param name="online">Where the page is found on the web.</param>
    public static string Write(CmdletFacts facts, HelpPage page, string online)
    {
        var writer = new HelpPageWriter();
        writer.WritePage(facts, page, online);
        return writer._text.ToString();
    }

    private void WritePage(CmdletFacts facts, HelpPage page, string online)
    {
        Lines(
            "---",
            "external help file: ArtifactsPS.dll-Help.xml",
            "Module Name: Artifacts",
            $"online version: {online}",
            "schema: 2.0.0",
            "---",
            "",
            $"# {facts.Name}"
        );
        Section("SYNOPSIS", Or(page.Synopsis, "the synopsis, one sentence"));
        Lines("", "## SYNTAX");
        foreach (var set in facts.Sets)
            WriteSyntax(set, isOnly: facts.Sets.Count == 1);
        Section("DESCRIPTION", Or(page.Description, "the description"));
        Lines("", "## EXAMPLES");
        IReadOnlyList<ExampleText> examples =
            page.Examples.Count > 0 ? page.Examples : [new ExampleText("", Or("", "an example"))];
        for (var i = 0; i < examples.Count; i++)
            Heading(
                string.Create(CultureInfo.InvariantCulture, $"Example {i + 1}")
                    + (examples[i].Title.Length > 0 ? $": {examples[i].Title}" : ""),
                examples[i].Body
            );
        Lines("", "## PARAMETERS");
        foreach (var parameter in facts.Parameters)
            WriteParameter(facts, parameter, page.Parameters);
        Heading(
            CommonParameters,
            "This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable, -InformationAction,\n"
                + "-InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable, -ProgressAction, -Verbose, -WarningAction,\n"
                + "and -WarningVariable. For more information, see\n"
                + "[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216)."
        );
        WriteTypes("INPUTS", facts.Inputs, page.Inputs);
        WriteTypes("OUTPUTS", facts.Outputs, page.Outputs);
        Section("NOTES", page.Notes);
        Section("RELATED LINKS", Or(page.Links, "links"));
    }

    private void WriteSyntax(ParameterSetFacts set, bool isOnly)
    {
        if (!isOnly)
            Lines("", $"### {set.Name}{(set.IsDefault ? " (Default)" : "")}");
        Lines("", "```");
        var line = new StringBuilder();
        foreach (var part in Parts(set.Syntax))
        {
            if (line.Length > 0 && line.Length + 1 + part.Length > Width)
            {
                Lines(line.ToString());
                line.Clear().Append(' ');
            }
            line.Append(line.Length > 0 ? " " : "").Append(part);
        }
        Lines(line.ToString(), "```");
    }

    // A parameter stays with its value.
    private static IEnumerable<string> Parts(string syntax)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < syntax.Length; i++)
        {
            depth +=
                syntax[i] is '[' or '<' ? 1
                : syntax[i] is ']' or '>' ? -1
                : 0;
            if (syntax[i] != ' ' || depth > 0 || syntax[i + 1] == '<')
                continue;
            yield return syntax[start..i];
            start = i + 1;
        }
        yield return syntax[start..];
    }

    private void WriteParameter(CmdletFacts facts, ParameterHelp parameter, IReadOnlyDictionary<string, string> texts)
    {
        Heading(
            $"-{parameter.Name}",
            CmdletFacts.EngineParameters.TryGetValue(parameter.Name, out var known)
                ? known
                : Or(texts.GetValueOrDefault(parameter.Name, ""), $"what -{parameter.Name} does")
        );
        var uses = facts
            .Sets.SelectMany(set => set.Parameters.Select(use => (Set: set.Name, Use: use)))
            .Where(use => use.Use.Name == parameter.Name)
            .GroupBy(use => (use.Use.IsMandatory, use.Use.Position, use.Use.PipelineInput))
            .ToList();
        foreach (var use in uses)
        {
            var isEverywhere = use.Count() == facts.Sets.Count;
            Lines(
                "",
                "```yaml",
                $"Type: {parameter.Type}",
                $"Parameter Sets: {(isEverywhere ? "(All)" : string.Join(", ", use.Select(one => one.Set)))}",
                $"Aliases: {string.Join(", ", parameter.Aliases)}".TrimEnd()
            );
            if (parameter.Values.Count > 0)
                Lines($"Accepted values: {string.Join(", ", parameter.Values)}");
            Lines(
                "",
                $"Required: {use.Key.IsMandatory}",
                $"Position: {use.Key.Position?.ToString(CultureInfo.InvariantCulture) ?? "Named"}",
                $"Default value: {parameter.DefaultValue}",
                $"Accept pipeline input: {use.Key.PipelineInput}",
                $"Accept wildcard characters: {parameter.TakesWildcards}",
                "```"
            );
        }
    }

    private void WriteTypes(string title, IReadOnlyList<string> types, IReadOnlyDictionary<string, string> texts)
    {
        Lines("", $"## {title}");
        foreach (var type in types.Count > 0 ? types : ["None"])
            Heading(type, texts.GetValueOrDefault(type, ""));
    }

    private static string Or(string text, string what) => text.Length > 0 ? text : $"{Placeholder}{what} }}}}";

    private void Section(string title, string content)
    {
        Lines("", $"## {title}");
        if (content.Length > 0)
            Lines("", content);
    }

    private void Heading(string title, string content)
    {
        Lines("", $"### {title}");
        if (content.Length > 0)
            Lines("", content);
    }

    private void Lines(params string[] lines)
    {
        foreach (var line in lines)
            _text.Append(line).Append('\n');
    }
}

namespace ArtifactsPS.HelpWriter;

/// <summary>
/// Combines the metadata of cmdlets with the texts of their pages. Missing or outdated content is a fault, and faults
/// prevent the help from being written.
/// </summary>
/// <param name="folder">Where the pages are, one a cmdlet.</param>
/// <param name="online">Where the folder is found on the web, with a slash at the end.</param>
internal sealed class HelpComposer(string folder, string online)
{
    private readonly List<HelpFault> _faults = [];

    public IReadOnlyList<HelpFault> Faults => _faults;

    /// <summary>Writes the metadata into the pages, and creates missing pages.</summary>
    public void Update(IReadOnlyList<CmdletFacts> cmdlets)
    {
        Directory.CreateDirectory(folder);
        foreach (var cmdlet in cmdlets)
            File.WriteAllText(PathOf(cmdlet), HelpPageWriter.Write(cmdlet, Read(cmdlet).Page, OnlineOf(cmdlet)));
    }

    public IReadOnlyList<CmdletHelp> Compose(IReadOnlyList<CmdletFacts> cmdlets)
    {
        foreach (
            var path in Directory
                .EnumerateFiles(folder, "*.md")
                .Except(cmdlets.Select(PathOf), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
            _faults.Add(new HelpFault(path, 1, "is not about a cmdlet. Delete it."));
        return [.. cmdlets.Select(Compose)];
    }

    private CmdletHelp Compose(CmdletFacts cmdlet)
    {
        var (text, page) = Read(cmdlet);
        Check(cmdlet, text, page);
        var parameters = page.Parameters.ToDictionary(
            parameter => parameter.Key,
            parameter => MarkdownText.Paragraphs(parameter.Value),
            StringComparer.Ordinal
        );
        return new CmdletHelp(cmdlet.Verb, cmdlet.Noun)
        {
            Synopsis = string.Join(' ', MarkdownText.Paragraphs(page.Synopsis)),
            Description = MarkdownText.Paragraphs(page.Description),
            ParameterSets = [.. cmdlet.Sets.Select(set => Described(set.Parameters))],
            Parameters = Described(cmdlet.Parameters),
            Inputs = Types(cmdlet.Inputs, page.Inputs),
            Outputs = Types(cmdlet.Outputs, page.Outputs),
            Examples =
            [
                .. page.Examples.Select(example => new ExampleHelp(
                    example.Title,
                    MarkdownText.Code(example.Body),
                    MarkdownText.Paragraphs(example.Body)
                )),
            ],
            Notes = MarkdownText.Paragraphs(page.Notes),
            Links =
            [
                new LinkHelp("Online Version:", OnlineOf(cmdlet)),
                .. MarkdownText.Links(page.Links).Select(link => IsWeb(link.Uri) ? link : link with { Uri = "" }),
            ],
        };

        IReadOnlyList<ParameterHelp> Described(IReadOnlyList<ParameterHelp> bare) =>
            [
                .. bare.Select(parameter =>
                    parameter with
                    {
                        Description = CmdletFacts.EngineParameters.TryGetValue(parameter.Name, out var known)
                            ? [known]
                            : parameters.GetValueOrDefault(parameter.Name, []),
                    }
                ),
            ];
    }

    private void Check(CmdletFacts cmdlet, string text, HelpPage page)
    {
        var path = PathOf(cmdlet);
        var right = HelpPageWriter.Write(cmdlet, page, OnlineOf(cmdlet));
        var (lines, rightLines) = (text.Split('\n'), right.Split('\n'));
        var differing = 0;
        while (differing < Math.Min(lines.Length, rightLines.Length) && lines[differing] == rightLines[differing])
            differing++;
        if (differing < Math.Max(lines.Length, rightLines.Length))
            _faults.Add(
                new HelpFault(
                    path,
                    differing + 1,
                    $"should be '{rightLines.ElementAtOrDefault(differing)}' to agree with the cmdlet and the schema."
                        + " A build with -p:UpdateHelp=true puts it right, all but what people have to write."
                )
            );
        else if (Array.FindIndex(lines, line => line.Contains(HelpPageWriter.Placeholder)) is >= 0 and var unfilled)
            _faults.Add(new HelpFault(path, unfilled + 1, $"is to be written: {lines[unfilled]}"));
        foreach (var example in page.Examples)
            if (MarkdownText.Code(example.Body).Length == 0 || MarkdownText.Paragraphs(example.Body).Count == 0)
                _faults.Add(new HelpFault(path, 1, "has an example that lacks its code or its explanation."));
        foreach (var parameter in cmdlet.Parameters)
        foreach (var value in parameter.Values)
            if (!page.Parameters.GetValueOrDefault(parameter.Name, "").Contains($"`{value}`"))
                _faults.Add(new HelpFault(path, 1, $"doesn't say what `{value}` means for -{parameter.Name}."));
        foreach (var link in MarkdownText.Links(page.Links))
            if (!IsWeb(link.Uri) && !File.Exists(Path.Combine(folder, link.Uri)))
                _faults.Add(new HelpFault(path, lines.Length, $"links to '{link.Uri}', which isn't there."));
    }

    private static IReadOnlyList<TypeHelp> Types(
        IReadOnlyList<string> types,
        IReadOnlyDictionary<string, string> texts
    ) => [.. types.Select(type => new TypeHelp(type, MarkdownText.Paragraphs(texts.GetValueOrDefault(type, ""))))];

    private static bool IsWeb(string uri) => uri.StartsWith("https://", StringComparison.Ordinal);

    private (string Text, HelpPage Page) Read(CmdletFacts cmdlet)
    {
        var path = PathOf(cmdlet);
        var text = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        return (text, HelpPageReader.Read(text));
    }

    private string PathOf(CmdletFacts cmdlet) => Path.Combine(folder, cmdlet.Name + ".md");

    private string OnlineOf(CmdletFacts cmdlet) => $"{online}{cmdlet.Name}.md";
}

/// <summary>A fault of a page.</summary>
internal sealed record HelpFault(string Path, int Line, string Message);

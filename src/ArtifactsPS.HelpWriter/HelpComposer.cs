using System.Management.Automation;
using System.Xml.Linq;

namespace ArtifactsPS.HelpWriter;

/// <summary>
/// Puts together what the engine knows of cmdlets and what their doc comments say. What is missing is a fault: help is
/// complete or not written.
/// </summary>
internal sealed class HelpComposer
{
    private const string AboutTopic = "about_Artifacts";

    private readonly DocumentationFile _documentation;
    private readonly IReadOnlyList<CmdletInfo> _cmdlets;
    private readonly DocText _text;
    private readonly List<string> _faults = [];

    public HelpComposer(DocumentationFile documentation, IReadOnlyList<CmdletInfo> cmdlets)
    {
        _documentation = documentation;
        _cmdlets = cmdlets;
        _text = new DocText(
            cmdlets.ToDictionary(
                cmdlet => cmdlet.ImplementingType.FullName!,
                cmdlet => cmdlet.Name,
                StringComparer.Ordinal
            )
        );
    }

    /// <summary>What the doc comments lack, each said for whoever is to write it.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public IReadOnlyList<CmdletHelp> Compose() => [.. _cmdlets.Select(Compose)];

    private CmdletHelp Compose(CmdletInfo cmdlet)
    {
        var comment = _documentation.Of(cmdlet.ImplementingType);
        var summary = _text.Paragraphs(comment.Element("summary"));
        Require(summary, cmdlet.Name, "<summary>", cmdlet.ImplementingType.Name);
        var examples = comment.Elements("example").Select(Example).ToList();
        Require(examples, cmdlet.Name, "<example>", cmdlet.ImplementingType.Name);
        foreach (var example in examples)
            if (example.Code.Length == 0 || example.Remarks.Count == 0)
                _faults.Add($"{cmdlet.Name}: an <example> lacks its <code> or its explanation.");

        var parameters = new ParameterComposer(cmdlet, _documentation, _text);
        var all = parameters.All();
        foreach (var parameter in all)
            Require(
                parameter.Description,
                $"{cmdlet.Name} -{parameter.Name}",
                "<summary>",
                $"{cmdlet.ImplementingType.Name}.{parameter.Name} or the base that declares it"
            );
        return new CmdletHelp(cmdlet.Verb, cmdlet.Noun)
        {
            Synopsis = FirstSentence(summary.FirstOrDefault("")),
            Description = [.. summary, .. _text.Paragraphs(comment.Element("remarks"))],
            ParameterSets = parameters.Sets(),
            Parameters = all,
            Inputs = parameters.Inputs(),
            Outputs = [.. cmdlet.OutputType.Where(type => type.Type is not null).Select(type => Output(type.Type))],
            Examples = examples,
            Links =
            [
                .. comment.Elements("seealso").Select(link => _text.Name(link.Attribute("cref")!.Value)),
                AboutTopic,
            ],
        };
    }

    private ExampleHelp Example(XElement example) =>
        new(string.Join("\n", example.Elements("code").Select(DocText.Code)), _text.Paragraphs(example));

    private TypeHelp Output(Type type) =>
        new(type.FullName!, _text.Paragraphs(_documentation.Of(type).Element("summary")));

    private void Require<T>(IReadOnlyCollection<T> texts, string what, string element, string member)
    {
        if (texts.Count == 0)
            _faults.Add($"{what} has no help: give {member} a doc comment with {element}.");
    }

    // A dot ends a sentence if a capital letter or a parameter follows: "mnist.csv" and "v0. " have other dots.
    private static string FirstSentence(string text)
    {
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        while (end >= 0 && !(char.IsUpper(text[end + 2]) || text[end + 2] == '-'))
            end = text.IndexOf(". ", end + 1, StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}

using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ArtifactsPS.HelpWriter;

/// <summary>The help file in the form that Get-Help reads, MAML.</summary>
internal static class MamlFile
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string path, IEnumerable<CmdletHelp> cmdlets)
    {
        var root = new XElement(
            Help + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            cmdlets.Select(Cmdlet)
        );
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var settings = new XmlWriterSettings
        {
            Indent = true,
            NewLineChars = "\n",
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var writer = XmlWriter.Create(path, settings);
        root.Save(writer);
    }

    private static XElement Cmdlet(CmdletHelp cmdlet) =>
        new(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                new XElement(Maml + "description", Paragraphs([cmdlet.Synopsis]))
            ),
            new XElement(Maml + "description", Paragraphs(cmdlet.Description)),
            new XElement(
                Command + "syntax",
                cmdlet.ParameterSets.Select(set => new XElement(
                    Command + "syntaxItem",
                    new XElement(Maml + "name", cmdlet.Name),
                    set.Select(parameter => Parameter(parameter, inSyntax: true))
                ))
            ),
            new XElement(
                Command + "parameters",
                cmdlet.Parameters.Select(parameter => Parameter(parameter, inSyntax: false))
            ),
            new XElement(Command + "inputTypes", Types("inputType", cmdlet.Inputs)),
            new XElement(Command + "returnValues", Types("returnValue", cmdlet.Outputs)),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(cmdlet.Notes))),
            new XElement(Command + "examples", cmdlet.Examples.Select(Example)),
            new XElement(
                Command + "relatedLinks",
                cmdlet.Links.Select(link => new XElement(
                    Maml + "navigationLink",
                    new XElement(Maml + "linkText", link.Text),
                    new XElement(Maml + "uri", link.Uri)
                ))
            )
        );

    private static XElement Parameter(ParameterHelp parameter, bool inSyntax) =>
        new(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory),
            new XAttribute("variableLength", parameter.Type.EndsWith("[]", StringComparison.Ordinal)),
            new XAttribute("globbing", parameter.TakesWildcards),
            new XAttribute("pipelineInput", parameter.PipelineInput),
            new XAttribute("position", parameter.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            new XElement(Maml + "description", Paragraphs(parameter.Description)),
            Value(parameter, inSyntax),
            new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", parameter.DefaultValue)
        );

    // A switch has no value in a syntax line; a choice of values is shown there as such.
    private static XElement? Value(ParameterHelp parameter, bool inSyntax)
    {
        if (inSyntax && parameter.IsSwitch)
            return null;
        return inSyntax && parameter.Values.Count > 0
            ? new XElement(
                Command + "parameterValueGroup",
                parameter.Values.Select(value => new XElement(
                    Command + "parameterValue",
                    new XAttribute("required", false),
                    new XAttribute("variableLength", false),
                    value
                ))
            )
            : new XElement(
                Command + "parameterValue",
                new XAttribute("required", !parameter.IsSwitch),
                new XAttribute("variableLength", parameter.Type.EndsWith("[]", StringComparison.Ordinal)),
                parameter.Type
            );
    }

    private static IEnumerable<XElement> Types(string element, IReadOnlyList<TypeHelp> types) =>
        (types.Count == 0 ? [new TypeHelp("None", [])] : types).Select(type => new XElement(
            Command + element,
            new XElement(Dev + "type", new XElement(Maml + "name", type.Name)),
            new XElement(Maml + "description", Paragraphs(type.Description))
        ));

    private static XElement Example(ExampleHelp example, int index) =>
        new(
            Command + "example",
            new XElement(Maml + "title", Title(example, index + 1)),
            new XElement(Dev + "code", example.Code),
            // Empty paragraphs part it from the next.
            new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, "", ""]))
        );

    private static string Title(ExampleHelp example, int number) =>
        example.Title.Length == 0
            ? $"---------- Example {number} ----------"
            : $"---------- Example {number}: {example.Title} ----------";

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> texts) =>
        texts.Select(text => new XElement(Maml + "para", text));
}

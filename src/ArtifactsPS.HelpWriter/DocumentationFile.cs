using System.Reflection;
using System.Xml.Linq;

namespace ArtifactsPS.HelpWriter;

/// <summary>The XML file in which the compiler collects doc comments, by member.</summary>
internal sealed class DocumentationFile
{
    private static readonly XElement Nothing = new("member");

    private readonly Dictionary<string, XElement> _members;

    private DocumentationFile(Dictionary<string, XElement> members) => _members = members;

    public static DocumentationFile Load(string path) =>
        new(
            XDocument
                .Load(path, LoadOptions.PreserveWhitespace)
                .Descendants("member")
                .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal)
        );

    /// <summary>The doc comment of a type, without children if it has none.</summary>
    public XElement Of(Type type) => _members.GetValueOrDefault($"T:{type.FullName}", Nothing);

    /// <summary>The doc comment of a field, such as a value of an enum.</summary>
    public XElement Of(FieldInfo field) =>
        _members.GetValueOrDefault($"F:{field.DeclaringType!.FullName}.{field.Name}", Nothing);

    /// <summary>The doc comment of a property, which stands where the property is declared.</summary>
    public XElement Of(PropertyInfo property) =>
        _members.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", Nothing);
}

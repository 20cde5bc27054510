using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Xml;

namespace ArtifactsPS.Serialization;

/// <summary>Objects in the format of Export-Clixml, which keeps types.</summary>
internal sealed class CliXmlObjects(int depth) : IObjectSerializer
{
    public byte[] Write(IReadOnlyList<object?> objects) =>
        Encoding.UTF8.GetBytes(PSSerializer.Serialize(objects.Count == 1 ? objects[0] : objects.ToArray(), depth));

    public IEnumerable<object?> Read(TextReader text)
    {
        object?[] objects;
        try
        {
            objects = PSSerializer.DeserializeAsList(text.ReadToEnd());
        }
        catch (Exception e) when (e is XmlException or RuntimeException)
        {
            throw new FormatException(e.Message, e);
        }
        return objects is [PSObject { BaseObject: IList list }] ? list.Cast<object?>() : objects;
    }
}

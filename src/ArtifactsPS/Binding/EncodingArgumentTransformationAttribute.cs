using System.Management.Automation;
using System.Text;

namespace ArtifactsPS.Binding;

/// <summary>Converts PowerShell's names of encodings, .NET's names and code pages to encodings.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var data = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        try
        {
            return data switch
            {
                Encoding encoding => encoding,
                int codePage => Encoding.GetEncoding(codePage),
                string name => Parse(name),
                _ => throw new ArgumentException($"'{data}' is not an encoding.", nameof(inputData)),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException(
                $"Unknown encoding '{data}'. Give a name such as utf8, unicode, latin1 or iso-8859-15, or a code page.",
                e
            );
        }
    }

    /// <exception cref="ArgumentException">The name is unknown.</exception>
    internal static Encoding Parse(string? name) =>
        name?.ToUpperInvariant() switch
        {
            null or "" or "UTF8" or "UTF8BOM" or "UTF8NOBOM" or "DEFAULT" => Encoding.UTF8,
            "ASCII" => Encoding.ASCII,
            "LATIN1" => Encoding.GetEncoding("iso-8859-1"),
            "UNICODE" => Encoding.Unicode,
            "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
            "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            "UTF32" => Encoding.UTF32,
            _ => Encoding.GetEncoding(name!),
        };
}

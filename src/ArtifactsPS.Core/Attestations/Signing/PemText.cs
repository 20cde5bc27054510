using System.Text;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Blocks of a PEM file (RFC 7468).</summary>
internal static class PemText
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const int LineLength = 64;

    /// <summary>Encodes one block, with line feeds.</summary>
    public static string Encode(string label, byte[] bytes)
    {
        var text = new StringBuilder().Append(Begin).Append(label).Append(Dashes).Append('\n');
        var base64 = Convert.ToBase64String(bytes);
        for (var i = 0; i < base64.Length; i += LineLength)
            text.Append(base64, i, Math.Min(LineLength, base64.Length - i)).Append('\n');
        return text.Append(End).Append(label).Append(Dashes).Append('\n').ToString();
    }

    /// <summary>Reads all blocks in their order. Text between blocks is ignored.</summary>
    /// <exception cref="InvalidDataException">A block is not closed, or is not Base64.</exception>
    public static IReadOnlyList<(string Label, byte[] Bytes)> Decode(string text)
    {
        var blocks = new List<(string, byte[])>();
        var at = 0;
        while ((at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0)
        {
            var label = at + Begin.Length;
            var start = text.IndexOf(Dashes, label, StringComparison.Ordinal);
            var name = start < 0 ? "" : text.Substring(label, start - label);
            var end = start < 0 ? -1 : text.IndexOf(End + name + Dashes, start, StringComparison.Ordinal);
            if (end < 0)
                throw new InvalidDataException("a block of the PEM file has no end");
            start += Dashes.Length;
            blocks.Add((name, FromBase64(text.Substring(start, end - start))));
            at = end + End.Length;
        }
        return blocks;
    }

    // Keys of older programs have header lines, such as Proc-Type, before the Base64.
    private static byte[] FromBase64(string text)
    {
        var lines = text.Split('\n').Where(line => line.IndexOf(':') < 0);
        try
        {
            return Convert.FromBase64String(string.Concat(lines.Select(line => line.Trim())));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("a block of the PEM file isn't Base64", e);
        }
    }
}

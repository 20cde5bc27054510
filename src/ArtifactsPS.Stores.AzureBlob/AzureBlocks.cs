using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Names of blocks: 32 hexadecimal digits and the number. All names of a blob must have the same length.</summary>
internal static class AzureBlocks
{
    private const int HashBytes = 16;
    private const int HashDigits = 2 * HashBytes;
    private const int NumberDigits = 6;

    /// <summary>Name of a block with the given bytes. The digits are the start of their SHA-256.</summary>
    public static string NameOf(int number, Stream bytes)
    {
        using var hash = SHA256.Create();
        var hex = BitConverter.ToString(hash.ComputeHash(bytes), 0, HashBytes).Replace("-", "");
        return NameOf(hex, number);
    }

    /// <summary>Name of a block.</summary>
    public static string NameOf(string digits, int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(digits + number.ToString("D6", CultureInfo.InvariantCulture)));

    /// <summary>Number of a block; null for a block of another program.</summary>
    public static int? NumberOf(string name)
    {
        string text;
        try
        {
            text = Encoding.ASCII.GetString(Convert.FromBase64String(name));
        }
        catch (FormatException)
        {
            return null;
        }
        return
            text.Length == HashDigits + NumberDigits
            && int.TryParse(text.Substring(HashDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>Whether a block was named for the given bytes.</summary>
    public static bool HasBytes(string name, Stream bytes) =>
        NumberOf(name) is { } number && name == NameOf(number, bytes);
}

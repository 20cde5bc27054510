using System.Formats.Asn1;

namespace ArtifactsPS.Core.Attestations.Signing;

/// <summary>Converts ECDSA signatures between DER, which bundles contain, and two numbers of fixed length, which .NET
/// computes.</summary>
internal static class EcdsaSignature
{
    public static byte[] ToDer(byte[] numbers)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var half = numbers.Length / 2;
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(numbers.AsSpan(0, half)));
            writer.WriteIntegerUnsigned(Trimmed(numbers.AsSpan(half)));
        }
        return writer.Encode();
    }

    /// <param name="length">Length of each number in bytes.</param>
    /// <returns>Null if the bytes are no signature in DER.</returns>
    public static byte[]? TryToFixedLength(byte[] der, int length)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var numbers = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var result = new byte[2 * length];
            var valid =
                TryCopy(numbers.ReadIntegerBytes().Span, result.AsSpan(0, length))
                & TryCopy(numbers.ReadIntegerBytes().Span, result.AsSpan(length));
            numbers.ThrowIfNotEmpty();
            return valid ? result : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool TryCopy(ReadOnlySpan<byte> number, Span<byte> target)
    {
        if (number[0] >= 0x80)
            return false;
        var digits = Trimmed(number);
        if (digits.Length > target.Length)
            return false;
        digits.CopyTo(target.Slice(target.Length - digits.Length));
        return true;
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number)
    {
        while (number.Length > 1 && number[0] == 0)
            number = number.Slice(1);
        return number;
    }
}

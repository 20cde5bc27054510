using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Attestations;

/// <summary>Names of in-toto statements, and the bytes of an envelope (DSSE) that are signed.</summary>
internal static class Statement
{
    public const string Type = "https://in-toto.io/Statement/v1";
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>Statement of OpenSSF Model Signing 1.0: one subject, whose digest covers the digests of all files.</summary>
    public const string ModelSignature = "https://model_signing/signature/v1.0";

    /// <summary>Statement whose subjects are the files. OpenSSF Model Signing used it before 1.0, and still reads it.</summary>
    public const string FileDigests = "https://model_signing/Digests/v0.1";

    /// <summary>First part of the signed bytes; the payload follows. See protocol.md of
    /// <see href="https://github.com/secure-systems-lab/dsse"/>.</summary>
    public static byte[] SignedPrefix(long payloadLength) =>
        Encoding.ASCII.GetBytes(
            string.Format(
                CultureInfo.InvariantCulture,
                "DSSEv1 {0} {1} {2} ",
                PayloadType.Length,
                PayloadType,
                payloadLength
            )
        );
}

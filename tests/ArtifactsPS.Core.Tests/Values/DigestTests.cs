using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Values;

public sealed class DigestTests
{
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Digest_is_formatted_in_lower_case()
    {
        var digest = Sha256.Of("abc"u8);
        Assert.Equal("sha256:" + OfAbc, digest.ToString());
        Assert.Equal(OfAbc, digest.Hex);
    }

    [Property]
    public void Parsed_digest_equals_original(byte[] bytes)
    {
        var digest = Sha256.Of(bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest.Hex);
        Assert.True(Digest.TryParse(digest.ToString(), out var parsed));
        Assert.Equal(digest, parsed);
        Assert.True(Digest.TryParseHex(digest.Hex, out var fromHex));
        Assert.True(Digest.TryParse(digest.ToString().ToUpperInvariant(), out _));
        Assert.Equal(digest.Hex.All(char.IsDigit), Digest.TryParseHex(digest.Hex.ToUpperInvariant(), out _));
        Assert.True(digest == fromHex);
        Assert.Equal(digest.GetHashCode(), fromHex.GetHashCode());
    }

    [Property]
    public Property Digests_that_differ_in_one_bit_are_not_equal(byte[] bytes) =>
        Prop.ForAll(
            Gen.Choose(0, 8 * Digest.Length - 1).ToArbitrary(),
            bit =>
            {
                var hash = SHA256.HashData(bytes);
                var one = new Digest(hash);
                hash[bit / 8] ^= (byte)(1 << (bit % 8));
                return one != new Digest(hash) && one.ToString() != new Digest(hash).ToString();
            }
        );

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(OfAbc)]
    [InlineData("sha256:")]
    [InlineData("sha512:" + OfAbc)]
    [InlineData("sha256:" + OfAbc + "0")]
    [InlineData("sha256: a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    public void Invalid_digest_is_refused(string? text) => Assert.False(Digest.TryParse(text, out _));
}

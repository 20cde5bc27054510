using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Attestations;

/// <summary>Signed versions that were changed, by accident or by an attacker who can write to the store but has no key.</summary>
public sealed class ChangedVersionTests
{
    private const int Changes = 500;

    [Fact]
    public async Task Version_changed_in_any_way_never_verifies()
    {
        using var signed = await SignedStore.CreateAsync();
        await signed.SignAsync();
        var keys = KeysOf(signed);
        var random = new Random(1);
        Assert.True(await VerifiesAsync(signed, signed.Store.Memory));
        for (var i = 0; i < Changes; i++)
        {
            var memory = signed.Store.Memory.Copy();
            var change = Change(memory, keys[i % keys.Count], random);

            Assert.False(await VerifiesAsync(signed, memory), $"{i}: {change}");
        }
    }

    [Fact]
    public async Task Signature_with_any_other_member_never_verifies()
    {
        using var signed = await SignedStore.CreateAsync();
        await signed.SignAsync();
        var original = SealedRecord.Decode(signed.Store.Memory[signed.SignatureKey]);
        var members = original.ToJson().Descendants().OfType<JValue>().Select(value => value.Path).ToList();
        var random = new Random(2);
        Assert.True(await VerifiesAsync(signed, await ReplacedAsync(signed, original.ToJson())));
        for (var i = 0; i < Changes; i++)
        {
            var body = original.ToJson();
            var path = members[i % members.Count];
            var value = (JValue)body.SelectToken(path)!;
            value.Value = Changed(value, random);

            Assert.False(await VerifiesAsync(signed, await ReplacedAsync(signed, body)), $"{i}: {path} = {value}");
        }
    }

    [Fact]
    public async Task Signature_of_other_version_never_verifies()
    {
        using var signed = await SignedStore.CreateAsync();
        await signed.SignAsync();
        var record = signed.Store.Memory[signed.SignatureKey];
        foreach (
            var files in new (string, string)[][] { [("weights.bin", "changed")], [("weights.bin", "weights")], [] }
        )
        {
            var other = await signed.Store.PublishAsync("net", files);
            await new AttestationStore(signed.Store.Memory).AddAsync(other.Key, other.Record.Number, record, Token);

            Assert.Equal(SignatureStatus.HashMismatch, (await signed.VerifyAsync(other)).Status);
        }
    }

    // A store with another signature, with valid checksums: the attacker knows the format.
    private static async Task<MemoryObjectStore> ReplacedAsync(SignedStore signed, JObject body)
    {
        var memory = signed.Store.Memory.Copy();
        await memory.DeleteAsync(signed.SignatureKey, Token);
        await new AttestationStore(memory).AddAsync(signed.Version.Key, 0, SealedRecord.Encode(body), Token);
        return memory;
    }

    // The transaction, the objects of the version, and the signature.
    private static List<string> KeysOf(SignedStore signed) =>
        [
            .. signed.Store.LogKeys("net"),
            .. signed.Store.Memory.Keys.Where(StoreLayout.IsObject).Order(StringComparer.Ordinal),
            signed.SignatureKey,
        ];

    private static string Change(MemoryObjectStore memory, string key, Random random)
    {
        var bytes = (byte[])memory[key].Clone();
        var at = random.Next(bytes.Length);
        switch (random.Next(4))
        {
            case 0:
                memory[key] = bytes[..at];
                return $"{key} cut to {at}";
            case 1:
                memory[key] = [.. bytes[..at], .. bytes[(at + 1)..]];
                return $"{key} without {at}";
            default:
                bytes[at] ^= (byte)(1 << random.Next(8));
                memory[key] = bytes;
                return $"{key} changed at {at}";
        }
    }

    private static object Changed(JValue value, Random random)
    {
        if (value.Type == JTokenType.Integer)
            return (long)value + 1 + random.Next(5);
        var text = ((string)value!).ToCharArray();
        var at = random.Next(text.Length);
        char other;
        do other = "0123456789abcdefABCXYZ+/="[random.Next(25)];
        while (other == text[at]);
        text[at] = other;
        return new string(text);
    }

    // As a user who restores with a required signature: reads the catalog, verifies, and reads all bytes.
    private static async Task<bool> VerifiesAsync(SignedStore signed, MemoryObjectStore memory)
    {
        try
        {
            var store = await VersionStore.OpenAsync(memory, Token);
            var version = await store.FindAsync(ArtifactReference.Parse("net:v0"), Token);
            var trust = SignedStore.TrustIn(signed.Key.Key);
            await new SignatureVerifier(trust).RequireAsync(version, Token);
            await foreach (var entry in version.Manifest.EntriesAsync(Token))
                if (entry.Uri is null)
                    await store.Content.ReadAsync(entry.Blob, Token);
            return true;
        }
        catch (ArtifactsException)
        {
            return false;
        }
    }
}

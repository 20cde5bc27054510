using System.Text;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class LinuxFileNameTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("caf\u00e9 \U0001F600 \uFFFD", "caf\u00e9 \U0001F600 \uFFFD")]
    [InlineData("pair \U00010480 \uD801\uDC80", "pair \U00010480 \uD801\uDC80")]
    public void Valid_names_are_unchanged(string name, string shown)
    {
        Assert.Equal(name, LinuxFileName.Decode(Encoding.UTF8.GetBytes(name)));
        Assert.Equal([.. Encoding.UTF8.GetBytes(name), 0], LinuxFileName.Encode(name));
        Assert.False(LinuxFileName.HasEscape(name));
        Assert.Equal(shown, LinuxFileName.Display(name));
    }

    [Fact]
    public void Every_sequence_of_bytes_has_one_string()
    {
        var random = new Random(5);
        var names = new HashSet<string>();
        var bytes = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
        {
            // Mostly bytes that begin or continue a character.
            var name = new byte[random.Next(1, 6)];
            for (var at = 0; at < name.Length; at++)
                name[at] = (byte)(random.Next(3) == 0 ? random.Next(1, 128) : random.Next(128, 256));
            var text = LinuxFileName.Decode(name);
            Assert.Equal([.. name, 0], LinuxFileName.Encode(text));
            names.Add(text);
            bytes.Add(Convert.ToHexString(name));
        }
        Assert.Equal(bytes.Count, names.Count);
    }

    [Fact]
    public void Invalid_bytes_are_shown_as_hexadecimal()
    {
        var text = LinuxFileName.Decode([(byte)'a', 0xE9, (byte)'b', 0xED, 0xB2, 0x80]);
        Assert.True(LinuxFileName.HasEscape(text));
        Assert.False(EntryPath.TryParse(text, out _));
        Assert.Equal(@"a\xE9b\xED\xB2\x80", LinuxFileName.Display(text));
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Values;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c.txt")]
    [InlineData(".hidden/..data/...")]
    [InlineData("with space/[brackets]/a*b?")]
    [InlineData("-rf ~/$HOME/`x`")]
    [InlineData("aux/con.txt")]
    [InlineData("trailing. /dot.")]
    [InlineData("ab:c")]
    [InlineData("\uE000/\U0001F600")]
    [InlineData("e\u0301")]
    public void Relative_path_of_plain_segments_is_valid(string text)
    {
        Assert.Equal(text, EntryPath.Parse(text).ToString());
        Assert.True(EntryPath.TryParse(text, out var path));
        Assert.Equal(text[(text.LastIndexOf('/') + 1)..], path.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/x")]
    [InlineData("c:x")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("..\\a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085b")]
    public void Path_that_could_leave_the_folder_is_refused(string text)
    {
        Assert.False(EntryPath.TryParse(text, out _));
        Assert.Same(text, Assert.Throws<InvalidEntryPathException>(() => EntryPath.Parse(text)).Target);
    }

    // An attribute can't hold such a text.
    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        foreach (var text in new[] { "\uD83D", "a\uD83D/b", "\uDE00", "a\uDE00\uD83D", "\uD83D\uD83D\uDE00" })
            Assert.False(EntryPath.TryParse(text, out _));
    }

    [Fact]
    public void Path_length_is_limited_in_bytes()
    {
        Assert.True(EntryPath.TryParse(new string('a', EntryPath.MaxLength), out _));
        Assert.False(EntryPath.TryParse(new string('a', EntryPath.MaxLength + 1), out _));
        Assert.True(EntryPath.TryParse(new string('\u00e9', EntryPath.MaxLength / 2), out _));
        Assert.False(EntryPath.TryParse(new string('\u00e9', EntryPath.MaxLength / 2 + 1), out _));
    }

    [Fact]
    public void Private_use_area_sorts_before_emoji()
    {
        Assert.True(EntryPath.Parse("\uE000") < EntryPath.Parse("\U0001F600"));
        Assert.True(string.CompareOrdinal("\uE000", "\U0001F600") > 0);
        Assert.True(EntryPath.Parse("a\uFFFD") < EntryPath.Parse("a\U00010000"));
        Assert.True(EntryPath.Parse("\uD7FF") < EntryPath.Parse("\uE000"));
    }

    [Property(MaxTest = 2000)]
    public Property Paths_sort_by_their_UTF_8_bytes() =>
        Prop.ForAll(
            Texts.ToArbitrary(),
            Texts.ToArbitrary(),
            (left, right) =>
            {
                var bytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
                return Math.Sign(EntryPath.Compare(left, right)) == Math.Sign(bytes);
            }
        );

    [Property]
    public Property Valid_path_stays_below_its_folder() =>
        Prop.ForAll(
            Gen.Elements("a", "/", "..", ".", "\\", ":", "C", "\U0001F600", " ").ListOf().ToArbitrary(),
            parts =>
            {
                if (!EntryPath.TryParse(string.Concat(parts), out var path))
                    return true;
                var root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "root"));
                var full = Path.GetFullPath(path.FileIn(root));
                // Windows drops dots and spaces at the end of a name.
                return (full == path.FileIn(root) || OperatingSystem.IsWindows())
                    && full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void IsBelow_compares_folder_with_slash()
    {
        Assert.True(EntryPath.Parse("dir/x").IsBelow("dir/"));
        Assert.False(EntryPath.Parse("dir.txt").IsBelow("dir/"));
        Assert.False(EntryPath.Parse("Dir/x").IsBelow("dir/"));
        Assert.True(EntryPath.Parse("x").IsBelow(""));
    }

    // Few letters, chosen where the two orders part, so that texts often share a beginning.
    private static Gen<string> Texts =>
        Gen.Elements("a", "b", "/", "\u00e9", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0001F600")
            .ListOf()
            .Select(string.Concat);
}

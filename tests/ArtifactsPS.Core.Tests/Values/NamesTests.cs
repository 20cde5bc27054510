namespace ArtifactsPS.Core.Tests.Values;

public sealed class NamesTests
{
    private static readonly string Longest = new('x', 128);

    public static TheoryData<string> NoLetters =>
        ["", Longest + "x", "a b", "a/b", "a:b", "a@b", "a*", "a\\b", "\u00e9"];

    [Theory]
    [InlineData("a")]
    [InlineData("MNIST_train-1.0")]
    [InlineData("-x")]
    [InlineData(".hidden")]
    [InlineData("console")]
    [InlineData("com10")]
    public void Names_are_of_letters_digits_and_three_signs(string name)
    {
        Assert.Same(name, Names.CheckName(name));
        Assert.Same(name, Names.CheckType(name));
    }

    [Theory]
    [MemberData(nameof(NoLetters))]
    public void Other_texts_are_neither_name_nor_type(string text)
    {
        Assert.Same(text, Assert.Throws<InvalidArtifactNameException>(() => Names.CheckName(text)).Target);
        Assert.Same(text, Assert.Throws<InvalidArtifactTypeException>(() => Names.CheckType(text)).Target);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.")]
    [InlineData("CON")]
    [InlineData("nul")]
    [InlineData("Com1.txt")]
    [InlineData("lpt9.a.b")]
    public void What_is_no_folder_s_name_everywhere_is_no_artifact_s(string name) =>
        Assert.Throws<InvalidArtifactNameException>(() => Names.CheckName(name));

    [Fact]
    public void Names_can_be_128_characters_long() => Assert.Same(Longest, Names.CheckName(Longest));

    [Theory]
    [InlineData("prod")]
    [InlineData("v")]
    [InlineData("v1.0")]
    [InlineData("1v")]
    [InlineData("in between")]
    [InlineData("[a]*?")]
    [InlineData("\u00e9\u4e2d")]
    [InlineData("\U0001F680")]
    public void Labels_are_almost_any_text(string text)
    {
        Assert.Same(text, Names.CheckAlias(text));
        Assert.Same(text, Names.CheckTag(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a\u00a0")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("a\tb")]
    public void Some_texts_are_no_labels(string text)
    {
        Assert.Same(text, Assert.Throws<InvalidArtifactAliasException>(() => Names.CheckAlias(text)).Target);
        Assert.Same(text, Assert.Throws<InvalidArtifactTagException>(() => Names.CheckTag(text)).Target);
    }

    // An attribute can't hold such a text.
    [Fact]
    public void Half_of_a_surrogate_pair_is_no_label()
    {
        foreach (var text in new[] { "\uD83D", "a\uD83Db", "\uDE80", "\uDE80\uD83D", "\uD83D\uD83D\uDE80" })
            Assert.Throws<InvalidArtifactTagException>(() => Names.CheckTag(text));
    }

    [Theory]
    [InlineData("v0")]
    [InlineData("V12")]
    [InlineData("v99999999999999999999")]
    public void What_looks_like_a_version_s_number_is_no_alias(string text)
    {
        Assert.Throws<InvalidArtifactAliasException>(() => Names.CheckAlias(text));
        Assert.Same(text, Names.CheckTag(text));
    }
}

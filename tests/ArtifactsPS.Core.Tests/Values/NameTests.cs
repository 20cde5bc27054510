namespace ArtifactsPS.Core.Tests.Values;

public sealed class NameTests
{
    private static readonly string Longest = new('x', 128);

    public static TheoryData<string> TextsThatAreNoWords =>
        ["", Longest + "x", "a b", "a/b", "a:b", "a@b", "a*", "a\\b", "\u00e9"];

    [Theory]
    [InlineData("a")]
    [InlineData("MNIST_train-1.0")]
    [InlineData("-x")]
    [InlineData(".hidden")]
    [InlineData("console")]
    [InlineData("com10")]
    public void Name_and_type_accept_letters_digits_and_signs(string text)
    {
        Assert.Equal(text, ArtifactName.Parse(text).ToString());
        Assert.Equal(text, TypeName.Parse(text).ToString());
        Assert.True(ArtifactName.TryParse(text, out var name) && TypeName.TryParse(text, out _));
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [MemberData(nameof(TextsThatAreNoWords))]
    public void Name_and_type_refuse_other_texts(string text)
    {
        Assert.Same(text, Assert.Throws<InvalidArtifactNameException>(() => ArtifactName.Parse(text)).Target);
        Assert.Same(text, Assert.Throws<InvalidArtifactTypeException>(() => TypeName.Parse(text)).Target);
        Assert.False(ArtifactName.TryParse(text, out _) || TypeName.TryParse(text, out _));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.")]
    [InlineData("CON")]
    [InlineData("nul")]
    [InlineData("Com1.txt")]
    [InlineData("lpt9.a.b")]
    public void Name_refuses_unportable_folder_names(string text)
    {
        Assert.Throws<InvalidArtifactNameException>(() => ArtifactName.Parse(text));
        Assert.False(ArtifactName.TryParse(text, out _));
    }

    [Fact]
    public void Name_accepts_128_characters() => Assert.Equal(Longest, ArtifactName.Parse(Longest).ToString());

    [Fact]
    public void Message_names_item_and_advice() =>
        Assert.Equal(
            "Invalid artifact name 'mni st'. Use letters, digits, '_', '-' and '.'.",
            Assert.Throws<InvalidArtifactNameException>(() => ArtifactName.Parse("mni st")).Message
        );

    [Theory]
    [InlineData("prod")]
    [InlineData("v")]
    [InlineData("v1.0")]
    [InlineData("1v")]
    [InlineData("in between")]
    [InlineData("[a]*?")]
    [InlineData("\u00e9\u4e2d")]
    [InlineData("\U0001F680")]
    public void Alias_and_tag_accept_almost_any_text(string text)
    {
        Assert.Equal(text, AliasName.Parse(text).ToString());
        Assert.Equal(text, TagName.Parse(text).ToString());
        Assert.True(AliasName.TryParse(text, out _) && TagName.TryParse(text, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a\u00a0")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a@b")]
    [InlineData("a\tb")]
    public void Alias_and_tag_refuse_separators_and_white_space(string text)
    {
        Assert.Same(text, Assert.Throws<InvalidArtifactAliasException>(() => AliasName.Parse(text)).Target);
        Assert.Same(text, Assert.Throws<InvalidArtifactTagException>(() => TagName.Parse(text)).Target);
        Assert.False(AliasName.TryParse(text, out _) || TagName.TryParse(text, out _));
    }

    // An attribute can't hold such a text.
    [Fact]
    public void Tag_refuses_half_of_a_surrogate_pair()
    {
        foreach (var text in new[] { "\uD83D", "a\uD83Db", "\uDE80", "\uDE80\uD83D", "\uD83D\uD83D\uDE80" })
            Assert.Throws<InvalidArtifactTagException>(() => TagName.Parse(text));
    }

    [Theory]
    [InlineData("v0")]
    [InlineData("V12")]
    [InlineData("v99999999999999999999")]
    public void Alias_refuses_version_numbers(string text)
    {
        Assert.Throws<InvalidArtifactAliasException>(() => AliasName.Parse(text));
        Assert.Equal(text, TagName.Parse(text).ToString());
    }

    [Fact]
    public void Names_that_differ_in_case_are_equal()
    {
        var (lower, upper) = (ArtifactName.Parse("mnist"), ArtifactName.Parse("MNIST"));
        Assert.True(lower == upper);
        Assert.Equal(lower, upper);
        Assert.Equal(lower.GetHashCode(), upper.GetHashCode());
        Assert.Equal(("mnist", "mnist"), (lower.Key, upper.Key));
        Assert.Equal("MNIST", upper.ToString());
        Assert.True(lower != ArtifactName.Parse("mnist2"));
    }

    [Fact]
    public void Names_of_different_types_are_not_equal() =>
        Assert.False(AliasName.Parse("prod").Equals(TagName.Parse("prod")));

    [Theory]
    [InlineData("latest", true)]
    [InlineData("LATEST", true)]
    [InlineData("late", false)]
    public void Latest_is_recognized_in_any_case(string text, bool isLatest) =>
        Assert.Equal(isLatest, AliasName.Parse(text).IsLatest);

    [Fact]
    public void Null_is_no_name()
    {
        Assert.False(ArtifactName.TryParse(null, out _));
        Assert.False(AliasName.TryParse(null, out _));
        Assert.False(TagName.TryParse(null, out _));
    }
}

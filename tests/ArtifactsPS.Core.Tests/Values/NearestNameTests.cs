namespace ArtifactsPS.Core.Tests.Values;

/// <summary>Suggestions for mistyped names, and texts that are safe to display.</summary>
public sealed class NearestNameTests
{
    [Theory]
    [InlineData("minst", "mnist")]
    [InlineData("MNIST2", "mnist")]
    [InlineData("mnis", "mnist")]
    [InlineData("prd", "prod")]
    [InlineData("a/tran/1.png", "a/train/1.png")]
    public void Similar_name_is_found(string given, string expected) =>
        Assert.Equal(expected, NearestName.Find(given, ["other", "mnist", "prod", "a/train/1.png", "a/train/11.png"]));

    [Theory]
    [InlineData("cifar")]
    [InlineData("x")]
    [InlineData("")]
    public void Different_name_has_no_suggestion(string given) =>
        Assert.Null(NearestName.Find(given, ["mnist", "prod"]));

    [Fact]
    public void Nearest_of_several_names_is_found() =>
        Assert.Equal("model-10", NearestName.Find("modle-10", ["model-1", "model-10", "model-200"]));

    [Theory]
    [InlineData("plain ünï 日本", "plain ünï 日本")]
    [InlineData("tab\tand\nline", "tab\tand\nline")]
    [InlineData("\u001B[31mred", "\\u001B[31mred")]
    [InlineData("a\u0000\u007F\u009B", "a\\u0000\\u007F\\u009B")]
    [InlineData("gpj.\u202Etxt", "gpj.\\u202Etxt")]
    public void Control_characters_are_escaped(string text, string expected) =>
        Assert.Equal(expected, DisplayText.Of(text));
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

public sealed class CompletionTests : SessionTests
{
    public CompletionTests()
    {
        Session.Publish("images", "train/1.png", "train/2.png", "labels.csv", "with space.txt", "odd [1].txt");
        Session.Publish("images", "newer");
        Session.Run(
            """
            $null = New-Artifact Imprints model | Publish-Artifact -Tag nightly
            Set-ArtifactAlias images:v0 prod, 'two words'
            Set-Artifact images:v0 -AddTag "it's", checked
            $null = New-Artifact -- -dash 1.0 | Publish-Artifact
            """
        );
    }

    [Theory]
    [InlineData("Get-Artifact im", "images Imprints")]
    [InlineData("Save-Artifact IMA", "images")]
    [InlineData("Get-Artifact -Name images:", "images:latest images:prod 'images:two words' images:v1 images:v0")]
    [InlineData("Get-Artifact images:p", "images:prod")]
    [InlineData("Remove-ArtifactAlias images -Alias ", "prod 'two words'")]
    [InlineData("Get-Artifact -Type ", "'1.0' dataset model")]
    [InlineData("New-Artifact new -Type d", "dataset")]
    [InlineData("Get-ArtifactEntry images:v0 -Path t", "train/")]
    [InlineData("Get-ArtifactEntry images:v0 -Path train/", "train/1.png train/2.png")]
    [InlineData("Get-ArtifactContent images:prod l", "labels.csv")]
    [InlineData("Get-ArtifactContent images:prod w", "'with space.txt'")]
    [InlineData("Get-ArtifactContent images:prod -LiteralPath o", "'odd [1].txt'")]
    [InlineData("Get-ArtifactEntry images:v0 -Path train/2", "train/2.png")]
    [InlineData("Get-Artifact -Name ", "'-dash' images Imprints")]
    [InlineData("Get-Artifact -Type 1", "'1.0'")]
    [InlineData("Get-Artifact -Tag ", "checked 'it''s' nightly")]
    [InlineData("Get-Artifact i* -Tag n", "nightly")]
    [InlineData("Get-Artifact -Tag 'it''", "'it''s'")]
    [InlineData("Set-Artifact Imprints -AddTag c", "checked")]
    [InlineData("Set-Artifact Imprints -RemoveTag ", "nightly")]
    [InlineData("Publish-Artifact -Alias ", "prod 'two words'")]
    [InlineData("Compare-Artifact images:v", "images:v1 images:v0")]
    public void Completes(string line, string completions) =>
        Assert.Equal(completions, string.Join(' ', Complete(line)));

    [Fact]
    public void What_completes_a_path_can_be_used_as_it_stands()
    {
        var completion = Assert.Single(Complete("Get-ArtifactContent images:prod o"));

        Assert.Equal(["odd [1].txt"], Session.Texts($"Get-ArtifactContent images:prod {completion}"));
    }

    [Theory]
    [InlineData("Get-Artifact -Name nothing:")]
    [InlineData("Get-ArtifactEntry nosuch -Path a")]
    [InlineData("Get-Artifact 'a/b:")]
    [InlineData("Get-ArtifactEntry $undefined -Path a")]
    public void What_is_not_there_completes_to_nothing(string line) => Assert.Empty(Complete(line));

    [Fact]
    public void A_store_that_is_not_there_completes_to_nothing_and_is_not_made()
    {
        Assert.Empty(Complete("Get-Artifact -Store ./nowhere im", addStore: false));
        Assert.False(Directory.Exists(Path.Combine(Session.Folder, "nowhere")));
    }

    [Fact]
    public void The_store_is_the_one_that_PSDefaultParameterValues_names_if_none_stands_on_the_line() =>
        Assert.Equal(["images", "Imprints"], Complete("Get-Artifact im", addStore: false));

    private string[] Complete(string line, bool addStore = true)
    {
        var text = addStore
            ? line.Insert(line.IndexOf(' ', StringComparison.Ordinal), $" -Store '{Session.Store}'")
            : line;
        return
        [
            .. Session
                .Run(
                    "[Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches",
                    text
                )
                .Where(match => match.Text("ResultType") is "ParameterValue")
                .Select(match => match.Text("CompletionText")!),
        ];
    }
}

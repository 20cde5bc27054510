using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>The texts of -WhatIf and -Confirm, which go to the host, and the answers to them.</summary>
[Collection(SerialCollection.Name)]
public sealed class ConfirmationTests : RunTests
{
    public ConfirmationTests()
    {
        Session.PublishTexts("model", ("a.txt", "to be damaged"));
        Session.PublishTexts("model", ("a.txt", "second"));
        Session.File("a.txt");
        Session.Run(
            """
            $draft = New-Artifact joint dataset | Add-ArtifactFile a.txt
            $null = New-Artifact joint dataset | Set-DistributedArtifact -AllowEmpty -DistributedId job-1
            """
        );
    }

    [Theory]
    [InlineData("Publish-Artifact $draft", "joint")]
    [InlineData("Remove-Artifact model:v0", "model:v0")]
    [InlineData("Set-DistributedArtifact $draft -DistributedId job-1", "joint")]
    [InlineData("Complete-DistributedArtifact joint -DistributedId job-1", "joint")]
    [InlineData("Remove-DistributedArtifact joint job-1", "joint")]
    [InlineData("Start-ArtifactRun -Name train", "train")]
    [InlineData("Invoke-ArtifactRun -Name train { 'output' }", "train")]
    public void Declined_command_names_item_and_changes_nothing(string command, string item) =>
        AssertDeclines(command, item);

    [Theory]
    [InlineData("Remove-Artifact model:v0", "Delete model:v0?")]
    [InlineData("Publish-Artifact $draft -Confirm", "Publish joint (1 file, ")]
    public void Host_without_input_is_an_error_that_names_the_way_out(string command, string question)
    {
        var before = Session.StoreFiles();
        Session.Host.IsInputClosed = true;

        var error = Session.Fail(command);

        Assert.StartsWith("ConfirmationUnavailable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Confirm:$false", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains(question, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void Declined_Stop_ArtifactRun_changes_nothing()
    {
        var run = Session.One("Start-ArtifactRun").Text("Id")!;

        AssertDeclines("Stop-ArtifactRun", run);

        Assert.Equal(run, RunVariables.Id);
    }

    [Fact]
    public void Declined_Optimize_ArtifactStore_names_bytes_and_changes_nothing()
    {
        Session.Run("Remove-Artifact model:v0 -Confirm:$false");
        foreach (var file in Session.StoreFiles())
        {
            var path = Path.Combine(Session.Store, file);
            File.SetAttributes(path, FileAttributes.Normal);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        }

        AssertDeclines("Optimize-ArtifactStore", " B)");
    }

    [Fact]
    public void Declined_Repair_ArtifactStore_changes_nothing()
    {
        Session.DamageObject("to be damaged"u8);

        Decline("Repair-ArtifactStore -Full");
    }

    [Fact]
    public void Confirmed_Publish_Artifact_publishes_after_declined_one()
    {
        Session.Host.Answers.Enqueue("&No");
        Session.Host.Answers.Enqueue("&Yes");

        Assert.Empty(Session.Run("$draft | Publish-Artifact -Confirm"));
        Assert.Equal(["joint:v0"], Session.Texts("$draft | Publish-Artifact -Confirm"));

        Assert.Equal(2, Session.Host.Questions.Count);
    }

    [Theory]
    [InlineData("$draft | Add-ArtifactFile a.txt -WhatIf", "a.txt")]
    [InlineData("$draft | Publish-Artifact -WhatIf", "joint")]
    [InlineData("Save-Artifact model:v0 out -WhatIf", "model:v0")]
    [InlineData("Set-Artifact model:v0 -Description new -WhatIf", "model:v0")]
    [InlineData("Remove-Artifact model -AllVersions -Force -WhatIf", "model")]
    public void WhatIf_names_item_and_changes_nothing(string command, string item)
    {
        var before = Session.StoreFiles();

        Session.Run(command);

        Assert.Contains(item, Session.Host.TakeOutput(), StringComparison.Ordinal);
        Assert.Equal(before, Session.StoreFiles());
    }

    private void AssertDeclines(string command, string item)
    {
        Assert.Empty(Decline(command));

        Assert.Contains(item, Session.Host.Questions[0], StringComparison.Ordinal);
    }

    /// <summary>Runs a command with -WhatIf and with a declined -Confirm. Neither may change the store.</summary>
    /// <returns>The output of both.</returns>
    private PSObject[] Decline(string command)
    {
        var before = Session.StoreFiles();
        Session.Host.Answers.Enqueue("&No");

        PSObject[] output = [.. Session.Run(command + " -WhatIf"), .. Session.Run(command + " -Confirm")];

        Assert.Single(Session.Host.Questions);
        Assert.Equal(before, Session.StoreFiles());
        return output;
    }
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class TestArtifactTests : SessionTests
{
    public TestArtifactTests()
    {
        Session.Publish("model", "a.txt", "dir/b.txt", "dir/c.txt", "odd [1].txt");
        Session.Run("Save-Artifact model out");
    }

    [Fact]
    public void Writes_nothing_where_all_is_right()
    {
        Assert.Empty(Session.Run("Test-Artifact model"));
        Assert.Empty(Session.Run("Test-Artifact model out"));
    }

    [Fact]
    public void Writes_a_finding_for_each_path_that_differs()
    {
        Session.File("out/a.txt", "edited");
        File.Delete(Path.Combine(Session.Folder, "out/dir/b.txt"));
        Session.File("out/dir/extra.txt");

        var findings = Session
            .Run("Test-Artifact model -Path out")
            .OrderBy(f => f.Text("Path"), StringComparer.Ordinal)
            .ToArray();

        Assert.All(findings, finding => Assert.Equal("ArtifactFinding", finding.TypeName()));
        Assert.Equal(["a.txt", "dir/b.txt", "dir/extra.txt"], findings.Select(finding => finding.Text("Path")));
        Assert.Equal(["Changed", "Missing", "Extra"], findings.Select(finding => finding.Text("Problem")));
        Assert.All(findings, finding => Assert.Equal("model:v0", finding.Text("Artifact")));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Text("Message")!));
        Assert.Equal(5, findings[0].Get<long>("Size"));
        Assert.Matches("^sha256:", findings[0].Text("Digest"));
        Assert.Null(findings[2].Text("Digest"));
    }

    [Fact]
    public void Quiet_writes_a_bool_each()
    {
        Assert.Equal([true], Session.Run("Test-Artifact model out -Quiet").Select(value => value.BaseObject));
        Session.File("out/a.txt", "edit!");
        Assert.Equal([false], Session.Run("Test-Artifact model out -Quiet").Select(value => value.BaseObject));
        Assert.Equal([true], Session.Run("Test-Artifact model -Quiet").Select(value => value.BaseObject));
    }

    [Fact]
    public void Notices_a_lost_executable_bit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no executable bit.");
#pragma warning disable CA1416 // Not on Windows.
        File.SetUnixFileMode(
            Path.Combine(Session.Folder, "out/a.txt"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute
        );
#pragma warning restore CA1416

        var finding = Session.One("Test-Artifact model out");

        Assert.Equal("a.txt", finding.Text("Path"));
        Assert.Contains("executable", finding.Text("Message"), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_damage_in_the_store()
    {
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "right"));
        Session.DamageObject("to be damaged"u8);

        var finding = Session.One("Test-Artifact model");

        Assert.Equal("a.txt", finding.Text("Path"));
        Assert.Equal("Changed", finding.Text("Problem"));
        Assert.Equal([false], Session.Run("Test-Artifact model -Quiet").Select(value => value.BaseObject));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() =>
        Session
            .Fail("Test-Artifact model nowhere")
            .AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, "model", Path.Combine(Session.Folder, "nowhere"));

    [Fact]
    public void A_name_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        var output = Session.Try("'nosuch', 'model' | Test-Artifact -Quiet");

        Assert.Equal([true], output.Select(value => value.BaseObject));
        Assert
            .Single(Session.Errors)
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", "Get-Artifact");
    }

    [Fact]
    public void Takes_a_folder_on_a_relative_path_with_brackets()
    {
        Session.Run("Save-Artifact model 'copy [1]'");

        Assert.Empty(Session.Run("Get-Artifact model | Test-Artifact -Path './copy [1]'"));
    }
}

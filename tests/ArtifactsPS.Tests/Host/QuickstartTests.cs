using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class QuickstartTests
{
    [Theory]
    [InlineData("artifacts")]
    [InlineData("pwsh")]
    public void Quickstart_example_publishes_and_restores(string program)
    {
        using var temp = new TempFolder();
        var source = Directory.CreateDirectory(Path.Combine(temp.Path, "my data [1]")).FullName;
        File.WriteAllText(Path.Combine(source, "a.txt"), "first");
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        File.WriteAllText(Path.Combine(source, "sub", "b ü.txt"), "second");

        var run = ShellProcess.Run(
            program,
            [Path.Combine(Suite.RepositoryRoot, "examples", "quickstart.ps1"), "-Source", source]
        );

        Assert.Contains(". Delete the folder", run.Output, StringComparison.Ordinal);
        var work = run.Output.Split(". Delete the folder")[0].Split(" are in ")[^1];
        try
        {
            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.ExitCode);
            Assert.Matches("sources +v0 +dataset +2 ", run.Output);
            Assert.Contains(
                "sources:v0 already existed: True; its aliases: latest, checked",
                run.Output,
                StringComparison.Ordinal
            );
            Assert.Matches("sources +v1 +dataset +3 ", run.Output);
            Assert.Contains("reviewed", run.Output, StringComparison.Ordinal);
            Assert.Contains("published v1", run.Output, StringComparison.Ordinal);
            Assert.Matches("Added .* docs/notes.txt", run.Output);
            Assert.Matches("sources:v0: 2 files in .*v0, verified: True", run.Output);
            Assert.Matches("sources:v1: 3 files in .*v1, verified: True", run.Output);
            Assert.Matches(@"(?m)^\S+ +\d+ +\d{6,}", run.Output.Split("== Publish objects")[1]);
            var drive = run.Output.Split("== Look around")[1];
            Assert.Matches("2 versions, dataset +sources", drive);
            Assert.Contains("Reviewed on ", drive, StringComparison.Ordinal);
            Assert.Equal("second", File.ReadAllText(Path.Combine(work, "v1", "sub", "b ü.txt")));
        }
        finally
        {
            TempFolder.Delete(work);
        }
    }
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class ExampleTests
{
    [Fact]
    public void Matrix_release_example_verifies_promotes_and_rolls_back()
    {
        var output = Run("", "matrix-release.ps1");

        Assert.Equal(
            ["prod is app:v0", "prod is app:v0, verified: True"],
            output.Split('\n').Where(line => line.StartsWith("prod is ", StringComparison.Ordinal))
        );
        Assert.Contains("job osx-arm64: 2 files, contribution 2", output, StringComparison.Ordinal);
        Assert.Contains("DistributedArtifactLocked: ", output, StringComparison.Ordinal);
        Assert.Matches("Modified .* osx-arm64/app", output);
        Assert.Contains("app:v2 lacks files and is not promoted; prod is app:v0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_example_displays_chosen_items()
    {
        var output = Run(
            "weather\nversions\n2\n4\ndays/2.csv\nlineage\nnonsense\n\n1\nreport\n\n\n".Replace(
                "\n",
                Environment.NewLine,
                StringComparison.Ordinal
            ),
            "explore.ps1"
        );

        Assert.Matches(@"Artifact: weather \(dataset\)[\s\S]+v1 +2 .*reviewed", output);
        Assert.Matches("Added .* days/3.csv", output);
        Assert.Contains("2,22,8", output, StringComparison.Ordinal);
        Assert.Matches("Run +average", output);
        Assert.Contains("'nonsense' is not in the list.", output, StringComparison.Ordinal);
        var page = output.Split("Open in a browser: ")[^1].Split(".html")[0] + ".html";
        Assert.Contains("\"name\":\"average\",\"type\"", File.ReadAllText(page), StringComparison.Ordinal);
        File.Delete(page);
    }

    /// <summary>Runs an example that must succeed, and deletes its folder.</summary>
    private static string Run(string input, string script)
    {
        var run = HostProcess.Run(input, [Path.Combine(Suite.RepositoryRoot, "examples", script)]);
        var work = run.Output.Split(". Delete the folder")[0].Split(" are in ")[^1];
        if (Directory.Exists(work))
            TempFolder.Delete(work);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }
}

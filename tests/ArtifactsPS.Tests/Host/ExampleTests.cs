using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Host;

public sealed class ExampleTests
{
    [Theory]
    [InlineData("artifacts")]
    [InlineData("pwsh")]
    public void Matrix_release_example_verifies_promotes_and_rolls_back(string program)
    {
        var output = Run(program, "", "matrix-release.ps1");

        Assert.Equal(
            ["prod is app:v0", "prod is app:v0, verified: True"],
            output.Split('\n').Where(line => line.StartsWith("prod is ", StringComparison.Ordinal))
        );
        Assert.Contains("job osx-arm64: 2 files, contribution 2", output, StringComparison.Ordinal);
        Assert.Contains("DistributedArtifactLocked: ", output, StringComparison.Ordinal);
        Assert.Matches("Modified .* osx-arm64/app", output);
        Assert.Contains("app:v2 lacks files and is not promoted; prod is app:v0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("artifacts")]
    [InlineData("pwsh")]
    public void Explore_example_displays_chosen_items(string program)
    {
        var output = Run(
            program,
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

    [Fact]
    public void Pester_example_passes_in_Host()
    {
        var run = ShellProcess.RunHost(
            "-c",
            $"""
            Import-Module '{Path.Combine(Suite.Package("Pester"), "tools", "Pester.psd1")}'
            (Invoke-Pester '{Path.Combine(Suite.RepositoryRoot, "examples", "release.Tests.ps1")}' -PassThru).Result
            """
        );

        Assert.Equal("", run.Errors);
        Assert.Equal("Passed", run.Lines[^1]);
    }

    [Fact]
    public void Release_example_is_refused_once_and_rolls_back()
    {
        Assert.SkipUnless(
            Suite.Flavour == "net8.0",
            "The assembly for Windows PowerShell signs with certificates only."
        );
        var run = ShellProcess.RunHost(
            "-c",
            $"""
            Import-Module '{Path.Combine(Suite.Package("Pester"), "tools", "Pester.psd1")}'
            & '{Path.Combine(Suite.RepositoryRoot, "examples", "release.ps1")}'
            """
        );
        TempFolder.Delete(run.Output.Split(". Delete the folder")[0].Split(" are in ")[^1]);

        Assert.Equal("", run.Errors);
        Assert.Equal(
            ["prod is app:v0", "prod is app:v0", "prod is app:v2", "prod is app:v0"],
            run.Lines.Where(line => line.StartsWith("prod is ", StringComparison.Ordinal))
        );
        Assert.Single(run.Lines, line => line.StartsWith("AliasProtected: ", StringComparison.Ordinal));
        Assert.Contains("deployed 1.0: Hello, World", run.Lines);
    }

    /// <summary>Runs an example that must succeed, and deletes its folder.</summary>
    private static string Run(string program, string input, string script)
    {
        var run = ShellProcess.Run(program, [Path.Combine(Suite.RepositoryRoot, "examples", script)], input);
        var work = run.Output.Split(". Delete the folder")[0].Split(" are in ")[^1];
        if (Directory.Exists(work))
            TempFolder.Delete(work);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }
}

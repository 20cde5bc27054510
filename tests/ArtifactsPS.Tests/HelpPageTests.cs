using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

/// <summary>The pages in docs/en-US, which the help is made of: a build fails where they don't agree with the cmdlets.</summary>
public sealed class HelpPageTests : IDisposable
{
    private const string Page = "Get-ArtifactEntry.md";

    private readonly TempFolder _folder = new();

    public HelpPageTests()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Suite.RepositoryRoot, "docs", "en-US")))
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("### -LiteralPath", "### -LiteralPaths", "-LiteralPath")]
    [InlineData("Type: String[]", "Type: String", "Type: String[]")]
    [InlineData("Position: 1", "Position: 2", "Position: 1")]
    [InlineData("[[-Path] <string[]>]", "[-Path <string[]>]", "[[-Path] <string[]>]")]
    [InlineData("Aliases: LP", "Aliases:", "Aliases: LP")]
    [InlineData("schema: 2.0.0", "schema: 1.0.0", "schema: 2.0.0")]
    [InlineData("](Compare-Artifact.md)", "](Compare-Artifacts.md)", "Compare-Artifacts.md")]
    [InlineData("```powershell\nGet-ArtifactEntry mnist:prod\n```\n", "", "lacks its code")]
    public void A_page_that_says_something_else_than_the_cmdlet_is_an_error(string right, string wrong, string says)
    {
        Edit(right, wrong);

        var (exitCode, output) = Write();

        Assert.Equal(1, exitCode);
        Assert.Contains($"{Path.Combine(_folder.Path, Page)}(", output, StringComparison.Ordinal);
        Assert.Contains("error HELP001", output, StringComparison.Ordinal);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_that_agree_make_the_help_that_is_staged()
    {
        var (exitCode, output) = Write();

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            File.ReadAllText(
                Path.Combine(Suite.ModuleFolder, "module", "bin", Suite.Flavour, "en-US", "ArtifactsPS.dll-Help.xml")
            ),
            File.ReadAllText(HelpFile)
        );
    }

    [Fact]
    public void An_update_puts_a_page_right_and_keeps_what_people_wrote()
    {
        var before = File.ReadAllText(Path.Combine(_folder.Path, Page));
        Edit("Type: String[]", "Type: Int32");

        Assert.Equal(0, Write("--update").ExitCode);

        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder.Path, Page)));
    }

    [Fact]
    public void An_update_begins_a_page_that_is_missing_and_leaves_the_texts_to_people()
    {
        File.Delete(Path.Combine(_folder.Path, Page));

        var (exitCode, output) = Write("--update");

        Assert.Equal(1, exitCode);
        Assert.Contains("is to be written: {{ Fill in the synopsis", output, StringComparison.Ordinal);
        Assert.Contains(
            "### -LiteralPath",
            File.ReadAllText(Path.Combine(_folder.Path, Page)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_page_about_no_cmdlet_is_an_error()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "Get-Nothing.md"), "# Get-Nothing\n");

        var (exitCode, output) = Write();

        Assert.Equal(1, exitCode);
        Assert.Contains("Get-Nothing.md is about no cmdlet", output, StringComparison.Ordinal);
    }

    private string HelpFile => Path.Combine(_folder.Path, "help.xml");

    private void Edit(string right, string wrong)
    {
        var path = Path.Combine(_folder.Path, Page);
        var text = File.ReadAllText(path);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(right, wrong, StringComparison.Ordinal));
    }

    private (int ExitCode, string Output) Write(params string[] options)
    {
        var online = File.ReadLines(Path.Combine(Suite.RepositoryRoot, "docs", "en-US", Page))
            .First(line => line.StartsWith("online version: ", StringComparison.Ordinal))["online version: ".Length..];
        var run = DotNet.Run(
            _folder.Path,
            [
                Path.Combine(
                    Suite.RepositoryRoot,
                    "src",
                    "ArtifactsPS.HelpWriter",
                    "bin",
                    Suite.Configuration,
                    "net10.0",
                    "ArtifactsPS.HelpWriter.dll"
                ),
                Path.Combine(Suite.ModuleFolder, "module", "bin", Suite.Flavour, "ArtifactsPS.dll"),
                _folder.Path,
                online[..^Page.Length],
                HelpFile,
                .. options,
            ]
        );
        return (run.ExitCode, run.Output);
    }
}

using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

/// <summary>Tests the help writer, which converts the pages in docs/en-US to MAML and fails on pages that contradict their
/// cmdlet.</summary>
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
    public void Page_that_contradicts_its_cmdlet_is_an_error(string valid, string invalid, string message)
    {
        Edit(valid, invalid);

        var (exitCode, output) = Write();

        Assert.Equal(1, exitCode);
        Assert.Contains($"{Path.Combine(_folder.Path, Page)}(", output, StringComparison.Ordinal);
        Assert.Contains("error HELP001", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Valid_pages_produce_the_staged_help_file()
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
    public void Update_corrects_facts_and_keeps_texts()
    {
        var before = File.ReadAllText(Path.Combine(_folder.Path, Page));
        Edit("Type: String[]", "Type: Int32");

        Assert.Equal(0, Write("--update").ExitCode);

        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder.Path, Page)));
    }

    [Fact]
    public void Update_creates_missing_page_with_placeholders()
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
    public void Page_without_cmdlet_is_an_error()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "Get-Nothing.md"), "# Get-Nothing\n");

        var (exitCode, output) = Write();

        Assert.Equal(1, exitCode);
        Assert.Contains("Get-Nothing.md is not about a cmdlet", output, StringComparison.Ordinal);
    }

    private string HelpFile => Path.Combine(_folder.Path, "help.xml");

    private void Edit(string valid, string invalid)
    {
        var path = Path.Combine(_folder.Path, Page);
        var text = File.ReadAllText(path);
        Assert.Contains(valid, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(valid, invalid, StringComparison.Ordinal));
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

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

[Collection(SerialCollection.Name)] // The pages set environment variables.
public sealed class DocumentationTests : RunTests
{
    protected override void Dispose(bool disposing)
    {
        Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
        base.Dispose(disposing);
    }

    [Fact]
    public void Snippets_of_WandB_page_run_in_sequence()
    {
        Session.Run("$PSDefaultParameterValues.Clear()");

        foreach (var snippet in Snippets("docs/wandb.md"))
            Session.Run(snippet);

        Assert.Equal(
            ["images", "net", "parts", "table"],
            Session.Texts("Get-Artifact | ForEach-Object Name").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Readme_tour_of_runs_and_distributed_versions_runs()
    {
        Session.Publish("mnist", "labels.csv");
        Session.Run("Set-ArtifactAlias mnist prod");

        foreach (var heading in new[] { "### Many writers, one version", "### Runs and lineage" })
            Session.Run(Snippets("README.md", heading).First());

        Assert.Equal(["squares:v0 3"], Session.Texts("Get-Artifact squares:nightly | % { \"$_ $($_.FileCount)\" }"));
        Assert.Equal(["mnist:v0", "train", "net:v0"], Session.Texts("Get-ArtifactLineage net | ForEach-Object Name"));
    }

    [Fact]
    public void Readme_release_meets_its_rule()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Session.File("release.pem", key.ExportPkcs8PrivateKeyPem());
        Session.File("release.pub", key.ExportSubjectPublicKeyInfoPem());
        Session.File("app/app.ps1");
        Session.Run(
            "function Invoke-Pester($Path, [switch] $PassThru) { [pscustomobject]@{ PassedCount = 1; FailedCount = 0 } }"
        );

        Session.Run(Snippets("README.md", "### Releases").First());

        Assert.Equal(["app:v0"], Session.Texts("Get-Artifact app:prod"));
        Assert.True(File.Exists(Path.Combine(Session.Folder, "deployed", "app.ps1")));
    }

    [Fact]
    public void Help_describes_options_of_every_store_kind()
    {
        var help = File.ReadAllText(Path.Combine(Suite.RepositoryRoot, "docs", "en-US", "about_Artifacts.help.txt"));
        var kinds = Directory.GetFiles(
            Path.Combine(Suite.ModuleFolder, "module"),
            "store.json",
            SearchOption.AllDirectories
        );

        Assert.NotEmpty(kinds);
        foreach (var kind in kinds)
        {
            using var description = JsonDocument.Parse(File.ReadAllText(kind));
            foreach (var option in description.RootElement.GetProperty("options").EnumerateArray())
                Assert.Matches($@"\s{Text(option, "name")}\s+{Regex.Escape(Text(option, "meaning"))}", help);
        }

        static string Text(JsonElement option, string name) => option.GetProperty(name).GetString()!;
    }

    private static IEnumerable<string> Snippets(string page, string heading = "") =>
        File.ReadAllText(Path.Combine(Suite.RepositoryRoot, page))
            .Split(heading + "\n", 2)[1]
            .Split("```powershell")
            .Skip(1)
            .Select(text => text.Split("```")[0]);
}

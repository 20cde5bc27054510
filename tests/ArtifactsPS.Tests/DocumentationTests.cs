using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

[Collection(AloneCollection.Name)] // Pages set variables of the environment.
public sealed class DocumentationTests : RunTests
{
    protected override void Dispose(bool disposing)
    {
        Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
        base.Dispose(disposing);
    }

    [Fact]
    public void The_snippets_for_those_who_come_from_WandB_run_one_after_another()
    {
        Session.Run("$PSDefaultParameterValues.Clear()");

        foreach (var snippet in Snippets("docs/wandb.md"))
            Session.Run(snippet);

        Assert.Equal(
            ["images", "net", "parts", "table"],
            Session.Texts("Get-Artifact | ForEach-Object Name").Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<string> Snippets(string page) =>
        File.ReadAllText(Path.Combine(Suite.RepositoryRoot, page))
            .Split("```powershell")
            .Skip(1)
            .Select(text => text.Split("```")[0]);
}

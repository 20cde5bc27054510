using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

[Collection(SerialCollection.Name)] // The process has one $PSStyle.
public sealed class ViewColorTests : SessionTests
{
    private const char Escape = '\e';

    public ViewColorTests()
    {
        Session.Publish("mnist", "a");
        Session.Run("Set-ArtifactAlias mnist prod");
    }

    [Fact]
    public void Terminal_displays_colours()
    {
        Session.Host.ShowsColors = true;

        Assert.Contains("\e[32mprod\e[0m", Session.Show("Get-Artifact"), StringComparison.Ordinal);
        Assert.Contains("\e[31mMissing\e[0m", Session.Show("Test-Artifact mnist ."), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_without_terminal_or_with_PlainText_has_no_colours()
    {
        Assert.DoesNotContain(Escape, Session.Show("Get-Artifact"));

        Session.Host.ShowsColors = true;
        Session.Run("$PSStyle.OutputRendering = 'PlainText'");
        Assert.DoesNotContain(Escape, Session.Show("Get-Artifact"));
    }

    [Fact]
    public void Views_without_PSStyle_have_no_colours() =>
        Assert.Equal(
            ["latest, prod Missing"],
            Session.Texts(
                "[ArtifactsPS.Output.ViewColor]::Aliases($null, @('latest', 'prod')) + ' ' + [ArtifactsPS.Output.ViewColor]::State($null, 'Missing')"
            )
        );

    protected override void Dispose(bool disposing)
    {
        Session.Run("$PSStyle.OutputRendering = 'Host'");
        base.Dispose(disposing);
    }
}

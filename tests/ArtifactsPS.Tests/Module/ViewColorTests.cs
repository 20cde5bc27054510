using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

[Collection(AloneCollection.Name)] // $PSStyle is one for the process.
public sealed class ViewColorTests : SessionTests
{
    private const char Escape = '\e';

    public ViewColorTests()
    {
        Session.Publish("mnist", "a");
        Session.Run("Set-ArtifactAlias mnist prod");
    }

    [Fact]
    public void A_terminal_shows_colours()
    {
        Session.Host.ShowsColors = true;

        Assert.Contains("\e[32mprod\e[0m", Session.Show("Get-Artifact"), StringComparison.Ordinal);
        Assert.Contains("\e[31mMissing\e[0m", Session.Show("Test-Artifact mnist ."), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_terminal_or_is_to_have_no_colours_has_none()
    {
        Assert.DoesNotContain(Escape, Session.Show("Get-Artifact"));

        Session.Host.ShowsColors = true;
        Session.Run("$PSStyle.OutputRendering = 'PlainText'");
        Assert.DoesNotContain(Escape, Session.Show("Get-Artifact"));
    }

    [Fact]
    public void Without_PSStyle_as_in_Windows_PowerShell_there_are_none() =>
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

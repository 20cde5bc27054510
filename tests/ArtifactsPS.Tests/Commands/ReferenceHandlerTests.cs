using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>Interruption of the script blocks of handlers.</summary>
[Collection(SerialCollection.Name)]
public sealed class ReferenceHandlerTests : SessionTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("New-Artifact other dataset | Add-ArtifactReference slow:b", "Probe")]
    [InlineData("Save-Artifact data out", "Open")]
    [InlineData("Get-ArtifactContent data a", "Open")]
    public void Script_block_is_interrupted_with_its_command(string command, string parameter)
    {
        using var started = new ManualResetEvent(initialState: false);
        Session.Run(
            "$null = Register-ArtifactReferenceHandler slow -Probe { @{ Size = 1 } } -Open { }; "
                + "$null = New-Artifact data dataset | Add-ArtifactReference slow:a | Publish-Artifact"
        );
        Session.Run(
            "$event = $args[0]; $slow = @{ Probe = { @{ Size = 1 } }; Open = { } }; "
                + "$slow[$args[1]] = { $null = $event.Set(); Start-Sleep 60 }; "
                + "$null = Register-ArtifactReferenceHandler slow @slow -Force",
            started,
            parameter
        );

        Assert.InRange(Session.InterruptWhen(started, command), TimeSpan.Zero, StopLimit);
        Assert.Equal(
            "text",
            Session
                .One(
                    "$null = Register-ArtifactReferenceHandler slow -Probe { @{ Size = 4 } } -Open { 'text' } -Force; "
                        + "$null = New-Artifact again dataset | Add-ArtifactReference slow:c | Publish-Artifact; "
                        + "Get-ArtifactContent again c"
                )
                .BaseObject
        );
    }
}

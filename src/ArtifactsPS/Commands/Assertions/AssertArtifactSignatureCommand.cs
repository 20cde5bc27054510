using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Attestations;
using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Commands.Assertions;

[Cmdlet(VerbsLifecycle.Assert, "ArtifactSignature")]
[Alias("Should-HaveValidSignature")]
public sealed class AssertArtifactSignatureCommand : TrustingCmdlet
{
    [Parameter]
    public string? Because { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Process(Find(Name));

    private protected override void Process(PublishedVersion version)
    {
        var verifier = Verifier;
        var best = Await(token => verifier.VerifyAsync(version, token))[0];
        if (!best.IsValid)
            ThrowTerminatingError(
                AssertionFailure.Create(
                    $"Expected '{version.Reference}' to have a valid signature",
                    Because,
                    [$"its status is {best.Status}: {best.Message}"],
                    Name.Item
                )
            );
    }
}

using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Attestations;

[Cmdlet(VerbsCommon.Set, "ArtifactSignature", DefaultParameterSetName = CertificateSet, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactSignature))]
public sealed class SetArtifactSignatureCommand : ArtifactCmdlet
{
    private const string CertificateSet = "Certificate";
    private const string KeySet = "Key";
    private const string BundleSet = "Bundle";

    private SigningKey? _key;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = CertificateSet)]
    [ValidateNotNull]
    public X509Certificate2 Certificate { get; set; } = null!;

    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = "";

    [Parameter(ParameterSetName = KeySet)]
    [ValidateNotNull]
    public SecureString? KeyPassword { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = BundleSet)]
    [ValidateNotNullOrEmpty]
    public string BundlePath { get; set; } = "";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            if (ParameterSetName != BundleSet)
                _key = SigningKeyArgument.Open(SessionState.Path, Certificate, KeyPath, KeyPassword);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // Without a key, no version can be signed.
            ThrowTerminatingError(ErrorRecords.From(e, KeyPath.Length > 0 ? KeyPath : null));
        }
    }

    private protected override void Process(PublishedVersion version)
    {
        if (_key is not { } key)
        {
            AddBundle(version);
            return;
        }
        if (!ShouldProcess(version.Reference, $"Sign with {key.Name}"))
            return;
        var time = DateTimeOffset.UtcNow;
        var signature = Await(token => VersionSigner.SignAsync(version, key, time, token));
        WriteObject(new ArtifactSignature(version, signature));
    }

    private void AddBundle(PublishedVersion version)
    {
        var path = FileSystemPath.Resolve(SessionState.Path, BundlePath);
        if (!ShouldProcess(version.Reference, $"Add the signature in {path}"))
            return;
        var signature = Await(token => VersionSigner.AddBundleAsync(version, path, token));
        WriteObject(new ArtifactSignature(version, signature));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _key?.Dispose();
        base.Dispose(disposing);
    }
}

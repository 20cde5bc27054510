using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Attestations.Signing;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Attestations;

[Cmdlet(VerbsCommon.Add, "ArtifactEvidence", DefaultParameterSetName = ResultSet, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactEvidence))]
public sealed class AddArtifactEvidenceCommand : StoreCmdlet
{
    private const string ResultSet = "Result";

    private SigningKey? _key;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ResultSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathParameter.Path, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathParameter.LiteralPath, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Mandatory = true, ParameterSetName = ResultSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath)]
    [Alias("LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = "";

    [Parameter]
    [ValidateNotNull]
    public SecureString? KeyPassword { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            if (Certificate is not null || KeyPath.Length > 0)
                _key = SigningKeyArgument.Open(SessionState.Path, Certificate, KeyPath, KeyPassword);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            ThrowTerminatingError(ErrorRecords.From(e, KeyPath.Length > 0 ? KeyPath : null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ResultSet)
        {
            ForItem(Name.Item, () => Add(Find(Name), PesterResult.Read(InputObject)));
            return;
        }
        foreach (var argument in FilePathArgument.All(Path, LiteralPath))
            ForItem(
                argument.Text,
                () =>
                {
                    foreach (var path in argument.Resolve(SessionState.Path))
                        ForItem(path, () => Add(Find(Name), TestResultFile.Read(path)));
                }
            );
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _key?.Dispose();
        base.Dispose(disposing);
    }

    private void Add(PublishedVersion version, TestResult result)
    {
        var summary = $"{result.Passed} passed, {result.Failed} failed";
        if (!ShouldProcess(version.Reference, $"Add the result of tests ({summary})"))
            return;
        var recorder = new EvidenceRecorder(new TrustPolicy());
        var time = DateTimeOffset.UtcNow;
        var evidence = Await(token => recorder.AddAsync(version, result, _key, time, token));
        WriteObject(new ArtifactEvidence(version, evidence));
    }
}

using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.Add, "ArtifactReference", SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactReferenceCommand : DraftCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Uri { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Digest { get; set; }

    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Size { get; set; }

    [Parameter]
    public SwitchParameter NoChecksum { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var uri in Uri)
            ForAddition(SourceOf(uri), ReferenceUri.Redact(uri), () => Add(uri));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private bool Add(string item)
    {
        var uri = ReferenceArgument.Resolve(SessionState, item);
        var finder = new ReferenceFinder
        {
            Name = Name,
            Digest = GivenDigest(),
            Size = Size,
            HashesFiles = !NoChecksum,
        };
        var failures = Sink<ItemFailure>(failure =>
            WriteFailedAddition(SourceOf((string)failure.Item), (string)failure.Item, failure.Exception)
        );
        var isDone = true;
        foreach (var target in Stream(token => finder.FindAsync(uri, failures, token)))
            if (target.IsInFolder)
                ForAddition(SourceOf(target.File!), target.File!, () => isDone &= Add(finder, target));
            else
                isDone = Add(finder, target);
        return isDone;
    }

    private bool Add(ReferenceFinder finder, ReferenceTarget target)
    {
        if (!ShouldProcess(target.Uri, $"Add to {Artifact.Name} as {target.Path}"))
            return false;
        Await(token => Artifact.Draft.AddAsync(finder.ToEntry(target, token), Force, token));
        return true;
    }

    private AdditionSource SourceOf(string item) => ReferenceArgument.SourceOf(SessionState, item);

    private Digest? GivenDigest() =>
        Digest is null ? null
        : Core.Values.Digest.TryParse(Digest, out var digest) ? digest
        : throw new InvalidReferenceException(Digest, "Use 'sha256:' and 64 hex digits as the digest");
}

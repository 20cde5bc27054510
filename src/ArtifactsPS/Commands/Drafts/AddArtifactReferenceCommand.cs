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
            ForItem(ReferenceUri.Redact(uri), () => Add(uri));
        if (DraftsArePiped)
            WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (!DraftsArePiped)
            WriteDraft(Artifact);
    }

    private void Add(string item)
    {
        var uri = ReferenceArgument.Resolve(SessionState, item);
        var finder = new ReferenceFinder
        {
            Name = Name,
            Digest = GivenDigest(),
            Size = Size,
            HashesFiles = !NoChecksum,
        };
        var failures = Sink<ItemFailure>(WriteFailure);
        foreach (var target in Stream(token => finder.FindAsync(uri, failures, token)))
            ForItem(target.IsInFolder ? target.File : ReferenceUri.Redact(item), () => Add(finder, target));
    }

    private void Add(ReferenceFinder finder, ReferenceTarget target)
    {
        if (ShouldProcess(target.Uri, $"Add to {Artifact.Name} as {target.Path}"))
            Await(token => Artifact.Draft.AddAsync(finder.ToEntry(target, token), Force, token));
    }

    private Digest? GivenDigest() =>
        Digest is null ? null
        : Core.Values.Digest.TryParse(Digest, out var digest) ? digest
        : throw new InvalidReferenceException(Digest, "Use 'sha256:' and 64 hex digits as the digest");
}

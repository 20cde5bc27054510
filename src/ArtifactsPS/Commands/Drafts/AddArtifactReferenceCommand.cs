using System.Collections.Concurrent;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Storage;
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
        var uri = ReferenceUri.Check(AbsoluteUri(item));
        if (ReferencedFile.PathOf(uri) is not { } path)
            Add(EntryPath.Parse(Name ?? LastSegment(uri)), uri, GivenDigest(), Size);
        else if (Directory.Exists(path))
            AddFolder(path);
        else
            AddFile(EntryPath.Parse(Name ?? System.IO.Path.GetFileName(path)), path);
    }

    private void AddFolder(string path)
    {
        var failures = new ConcurrentQueue<ItemFailure>();
        foreach (var (relative, file) in new FolderScanner(path).Scan(failures))
            ForItem(
                file,
                () => AddFile(EntryPath.Parse(Name is null ? relative : $"{Name.TrimEnd('/')}/{relative}"), file)
            );
        WriteFailures(failures);
    }

    private void AddFile(EntryPath entryPath, string path)
    {
        var (digest, size) = NoChecksum
            ? (GivenDigest(), Size)
            : Await<(Digest?, long?)>(token => Task.FromResult<(Digest?, long?)>(ReferencedFile.Hash(path, token)));
        if (GivenDigest() is { } given && digest != given)
            throw new ReferenceChangedException(entryPath.ToString(), path, $"whose digest is {digest}, not {given}");
        Add(entryPath, ReferencedFile.UriOf(path), digest, size);
    }

    private void Add(EntryPath path, string uri, Digest? digest, long? size)
    {
        if (!ShouldProcess(uri, $"Add to {Artifact.Name} as {path}"))
            return;
        var entry = ManifestEntry.Reference(path, uri, digest, size);
        Await(token => Artifact.Draft.AddAsync(entry, Force, token));
    }

    private Digest? GivenDigest() =>
        Digest is null ? null
        : Core.Values.Digest.TryParse(Digest, out var digest) ? digest
        : throw new InvalidReferenceException(Digest, "Use 'sha256:' and 64 hex digits as the digest");

    private string AbsoluteUri(string item)
    {
        if (item.IndexOf(':') > 1 && !IsOnDrive(item) && System.Uri.TryCreate(item, UriKind.Absolute, out _))
            return item;
        // A URI of a store is not a path.
        var path = StoreLocation.IsUri(item) ? "" : FileSystemPath.Resolve(SessionState.Path, item);
        return File.Exists(path) || Directory.Exists(path)
            ? ReferencedFile.UriOf(path)
            : throw new InvalidReferenceException(
                ReferenceUri.Redact(item),
                "Use an absolute URI or the path of an existing file or folder"
            );
    }

    // `Data:/x.csv` is a path if there is a drive Data, and a URI if not.
    private bool IsOnDrive(string item) =>
        item.IndexOf("://", StringComparison.Ordinal) < 0
        && SessionState
            .Drive.GetAll()
            .Any(drive => item.StartsWith(drive.Name + ":", StringComparison.OrdinalIgnoreCase));

    private static string LastSegment(string uri)
    {
        var path = System.Uri.UnescapeDataString(new Uri(uri).AbsolutePath).TrimEnd('/');
        return path.Substring(path.LastIndexOf('/') + 1) is { Length: > 0 } name
            ? name
            : throw new InvalidReferenceException(uri, "It has no last segment that can name the entry; specify -Name");
    }
}

using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// Description of the version in an archive, without its entries. It is the file <c>artifact.json</c>. The version's files are
/// below <c>files/</c>, so that none can have that name.
/// </summary>
internal sealed record ArchiveManifest
{
    public const string FileName = "artifact.json";
    public const string FilesFolder = "files/";
    public const int Format = 1;

    public required ArtifactName Name { get; init; }

    public required TypeName Type { get; init; }

    /// <summary>Digest of the version, against which the whole archive is checked.</summary>
    public required Digest Digest { get; init; }

    public required Notes Notes { get; init; }
}

/// <summary>A file is not an archive of a version, or is damaged.</summary>
public sealed class InvalidArchiveException(string path, string fault, Exception? inner = null)
    : ArtifactsException(
        $"The archive '{path}' can't be imported: {fault}. Nothing was published. Copy the archive again, or export the "
            + "version again with Export-Artifact.",
        path,
        inner
    )
{
    public override string ErrorId => "InvalidArchive";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

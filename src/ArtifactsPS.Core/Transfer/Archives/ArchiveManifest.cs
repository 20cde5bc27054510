using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>
/// What an archive says of the version in it, its entries aside. It is the file <c>artifact.json</c>; the version's files
/// are below <c>files/</c>, and so none can have that name.
/// </summary>
internal sealed record ArchiveManifest
{
    public const string FileName = "artifact.json";
    public const string FilesFolder = "files/";
    public const int Format = 1;

    public required string Name { get; init; }

    public required string Type { get; init; }

    /// <summary>The version's, by which all that is in the archive is checked.</summary>
    public required Digest Digest { get; init; }

    public required Notes Notes { get; init; }
}

/// <summary>A file is no archive of a version, or not as it was written.</summary>
public sealed class InvalidArchiveException(string path, string fault, Exception? inner = null)
    : ArtifactsException(
        $"'{path}' can't be imported: {fault}. Nothing was published. Export-Artifact makes such archives; export the "
            + "version again, or copy the archive again.",
        path,
        inner
    )
{
    public override string ErrorId => "InvalidArchive";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

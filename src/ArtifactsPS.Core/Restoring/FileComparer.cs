using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Tells whether a file is what an entry says.</summary>
internal static class FileComparer
{
    /// <summary>Compares size and digest.</summary>
    public static bool IsRight(ManifestEntry entry, FileReader file, CancellationToken cancellationToken)
    {
        if (entry.Digest is not { } digest || entry.Size is { } size && file.State.Size != size)
            return false;
        try
        {
            return FileHash.Of(file, cancellationToken) == digest;
        }
        catch (Exception e) when (e is IOException or FileChangedWhileReadingException)
        {
            // What can't be read can't be vouched for.
            return false;
        }
    }
}

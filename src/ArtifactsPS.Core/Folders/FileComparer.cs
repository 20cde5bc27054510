using ArtifactsPS.Content;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Folders;

/// <summary>Tells whether a file is what an entry says.</summary>
internal static class FileComparer
{
    /// <summary>Compares size and digest; a link is not the file.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="path">The file's full path.</param>
    /// <param name="isExecutable">Whether the file's owner may run it; tells nothing on Windows.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static bool IsRight(
        ManifestEntry entry,
        string path,
        out bool isExecutable,
        CancellationToken cancellationToken
    )
    {
        isExecutable = false;
        if (entry.Digest is null)
            return false;
        var file = new FileInfo(path);
        var attributes = file.Attributes;
        if ((int)attributes == -1 || (attributes & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != 0)
            return false;
        if (entry.Size is { } size && file.Length != size)
            return false;
        try
        {
            using var opened = new FileReader(path);
            isExecutable = opened.State.Executable;
            return FileHash.Of(opened, cancellationToken) == entry.Digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FileChangedWhileReadingException)
        {
            // What can't be read can't be vouched for; whoever restores replaces it, whoever verifies reports it.
            return false;
        }
    }
}

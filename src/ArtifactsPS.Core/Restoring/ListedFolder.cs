using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>What a folder that is restored to had in it before: as much as a restore asks for, by one listing.</summary>
internal sealed class ListedFolder
{
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly List<string> _staged = [];

    private ListedFolder() { }

    /// <summary>Names of files that a restore was writing, or is.</summary>
    public IReadOnlyList<string> Staged => _staged;

    /// <summary>Lists a folder. Of one that can't be listed nothing is known: whoever writes there will tell.</summary>
    public static ListedFolder Of(string path)
    {
        var listed = new ListedFolder();
        try
        {
            foreach (var (name, isFolder) in FolderContent.Of(path))
                if (isFolder && DestinationFolders.IsFolder(DestinationFolders.AttributesOf(Path.Combine(path, name))))
                    listed._folders.Add(name);
                else if (FileReplacement.IsStagedName(name))
                    listed._staged.Add(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was read so far will do.
        }
        return listed;
    }

    /// <summary>Whether a name is a folder's, and not that of a link to one.</summary>
    public bool HasFolder(string name) => _folders.Contains(name);
}

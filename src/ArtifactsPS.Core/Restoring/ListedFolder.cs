using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Content of a destination folder before a restore: its folders, links and temporary files.</summary>
internal sealed class ListedFolder
{
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _links = new(StringComparer.Ordinal);
    private readonly List<string> _staged = [];

    private ListedFolder() { }

    /// <summary>Names of temporary files of a restore.</summary>
    public IReadOnlyList<string> Staged => _staged;

    /// <summary>Lists a folder. The result is incomplete for a folder that can't be listed; writing to it reports the error.</summary>
    public static ListedFolder Of(string path)
    {
        var listed = new ListedFolder();
        try
        {
            foreach (var (name, isFolder, isLink) in FolderContent.Of(path))
                if (isLink)
                    listed._links.Add(name);
                else if (isFolder)
                    listed._folders.Add(name);
                else if (FileReplacement.IsStagedName(name))
                    listed._staged.Add(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Writing to the folder reports the error.
        }
        return listed;
    }

    /// <summary>Whether a name is a folder, and not a link to one.</summary>
    public bool HasFolder(string name) => _folders.Contains(name);

    /// <summary>Whether a name is a link.</summary>
    public bool HasLink(string name) => _links.Contains(name);
}

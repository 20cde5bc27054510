using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Renders entries as lines of a folder tree. A folder's line comes before its entries and contains their total, so that the
/// entries are read twice. Memory grows with the number of folders, by some bytes for each.</summary>
internal sealed class EntryTree
{
    // In the order of the folders' lines. The first one is the root.
    private readonly List<Folder> _folders;

    private EntryTree(List<Folder> folders) => _folders = folders;

    /// <summary>Adds up the entries of each folder.</summary>
    /// <param name="entries">Sorted by path, each path once.</param>
    public static EntryTree Measure(IEnumerable<ManifestEntry> entries)
    {
        var folders = new List<Folder> { new(0, 0, IsLast: true) };
        var open = new Stack<(int Index, int Length)>();
        open.Push((0, 0));
        var last = "";
        foreach (var entry in entries)
        {
            var path = entry.Path.ToString();
            while (!IsBelow(path, last, open.Peek().Length))
                Close(path);
            for (var slash = NextSlash(path); slash >= 0; slash = NextSlash(path))
            {
                open.Push((folders.Count, slash + 1));
                folders.Add(default);
            }
            var (index, _) = open.Peek();
            folders[index] = folders[index].Add(1, entry.Size ?? 0);
            last = path;
        }
        while (open.Count > 1)
            Close("");
        return new EntryTree(folders);

        int NextSlash(string path) => path.IndexOf('/', open.Peek().Length);

        void Close(string next)
        {
            var (index, _) = open.Pop();
            var (parent, length) = open.Peek();
            var folder = folders[index];
            folders[index] = folder with { IsLast = next.Length == 0 || !IsBelow(next, last, length) };
            folders[parent] = folders[parent].Add(folder.Files, folder.Size);
        }
    }

    /// <summary>Returns the title, then a line for each folder and file, with sizes.</summary>
    /// <param name="title">The version or draft.</param>
    /// <param name="entries">The same entries.</param>
    public IEnumerable<string> Lines(string title, IEnumerable<ManifestEntry> entries)
    {
        yield return $"{title} {_folders[0].Total}";
        // Lengths of the open folders' paths, and the starts of the lines in them.
        var open = new Stack<(int Length, string Indent)>();
        open.Push((0, ""));
        var next = 1;
        ManifestEntry? current = null;
        foreach (var following in entries)
        {
            if (current is not null)
                foreach (var line in LinesOf(current, following.Path.ToString()))
                    yield return line;
            current = following;
        }
        if (current is not null)
            foreach (var line in LinesOf(current, ""))
                yield return line;

        IEnumerable<string> LinesOf(ManifestEntry entry, string following)
        {
            var path = entry.Path.ToString();
            for (var slash = path.IndexOf('/', open.Peek().Length); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                var (from, indent) = open.Peek();
                var folder = _folders[next++];
                yield return $"{indent}{Branch(folder.IsLast)}{path.Substring(from, slash + 1 - from)} {folder.Total}";
                open.Push((slash + 1, indent + (folder.IsLast ? "    " : "│   ")));
            }
            var (start, before) = open.Peek();
            var isLast = following.Length == 0 || !IsBelow(following, path, start);
            yield return before + Branch(isLast) + path.Substring(start) + Detail(entry);
            while (open.Count > 1 && (following.Length == 0 || !IsBelow(following, path, open.Peek().Length)))
                open.Pop();
        }
    }

    // Whether two paths begin with the same folder.
    private static bool IsBelow(string path, string other, int folderLength) =>
        string.CompareOrdinal(path, 0, other, 0, folderLength) == 0;

    private static string Branch(bool isLast) => isLast ? "└── " : "├── ";

    private static string Detail(ManifestEntry entry) =>
        (entry.Uri is null ? "" : $" -> {entry.Uri}") + (entry.Size is { } size ? $" ({ByteSize.Format(size)})" : "");

    private readonly record struct Folder(long Files, long Size, bool IsLast)
    {
        public string Total =>
            FormattableString.Invariant($"({Files} {(Files == 1 ? "file" : "files")}, {ByteSize.Format(Size)})");

        public Folder Add(long files, long size) => this with { Files = Files + files, Size = Size + size };
    }
}

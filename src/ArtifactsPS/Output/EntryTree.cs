namespace ArtifactsPS.Output;

/// <summary>Renders entries as lines of a folder tree.</summary>
internal sealed class EntryTree
{
    // Sorted by path, so that the entries of a folder are adjacent.
    private readonly SortedDictionary<string, ArtifactEntry> _byPath = new(StringComparer.Ordinal);
    private readonly Stack<string> _indents = new();
    private List<ArtifactEntry> _entries = [];

    /// <summary>Adds an entry; a path is listed once.</summary>
    public void Add(ArtifactEntry entry) => _byPath[entry.EntryPath] = entry;

    /// <summary>Returns the title, then a line for each folder and file, with sizes.</summary>
    /// <param name="title">The version or draft.</param>
    public IEnumerable<string> Lines(string title)
    {
        _entries = [.. _byPath.Values];
        yield return $"{title} {Total(0, _entries.Count)}";
        _indents.Clear();
        // Open folders: the start of their children's names in a path, and the end of their range of entries.
        var open = new Stack<(int From, int To)>();
        open.Push((0, _entries.Count));
        for (var i = 0; i < _entries.Count; )
        {
            while (i == open.Peek().To)
                Close(open);
            var (from, to) = open.Peek();
            var path = _entries[i].EntryPath;
            var slash = path.IndexOf('/', from);
            var end = slash < 0 ? i + 1 : EndOf(path.Substring(0, slash + 1), i, to);
            var isLast = end == to;
            var line = string.Concat(_indents.Reverse()) + (isLast ? "└── " : "├── ");
            if (slash < 0)
            {
                yield return line + path.Substring(from) + Detail(_entries[i]);
                i++;
                continue;
            }
            yield return $"{line}{path.Substring(from, slash + 1 - from)} {Total(i, end)}";
            _indents.Push(isLast ? "    " : "│   ");
            open.Push((slash + 1, end));
        }
    }

    private void Close(Stack<(int From, int To)> open)
    {
        open.Pop();
        _indents.Pop();
    }

    private int EndOf(string folder, int first, int limit)
    {
        var end = first + 1;
        while (end < limit && _entries[end].EntryPath.StartsWith(folder, StringComparison.Ordinal))
            end++;
        return end;
    }

    private string Total(int from, int to)
    {
        long size = 0;
        for (var i = from; i < to; i++)
            size += _entries[i].Size ?? 0;
        return FormattableString.Invariant(
            $"({to - from} {(to - from == 1 ? "file" : "files")}, {ByteSize.Format(size)})"
        );
    }

    private static string Detail(ArtifactEntry entry) =>
        (entry.Uri is null ? "" : $" -> {entry.Uri}") + (entry.Size is { } size ? $" ({ByteSize.Format(size)})" : "");
}

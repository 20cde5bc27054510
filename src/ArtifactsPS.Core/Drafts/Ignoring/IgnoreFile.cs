using System.Text;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>
/// An ignore file: lines in the syntax of gitignore that exclude paths of its folder. The last matching line decides; of
/// nested files, the innermost with a matching line. A path below an excluded folder can't be included again.
/// </summary>
internal sealed class IgnoreFile
{
    /// <summary>File name of an ignore file.</summary>
    public const string Name = ".artifactignore";

    private const long MaxSize = 16 << 20;

    private readonly string _prefix;
    private readonly IgnoreFile? _outer;
    private readonly List<IgnoreRule> _rules;

    private IgnoreFile(string path, string prefix, IgnoreFile? outer, List<IgnoreRule> rules)
    {
        Path = path;
        _prefix = prefix;
        _outer = outer;
        _rules = rules;
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="prefix">Path of its folder within the tree: empty, or ending in <c>/</c>.</param>
    /// <param name="outer">The nearest ignore file of the folders above; null for none.</param>
    /// <exception cref="IOException">The file can't be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    /// <exception cref="FileChangedWhileReadingException">The file changed while it was being read.</exception>
    public static IgnoreFile Read(string path, string prefix, IgnoreFile? outer)
    {
        using var file = new FileReader(path);
        if (file.State.Size > MaxSize)
            throw new IOException(
                $"The ignore file '{path}' is larger than {MaxSize >> 20} MiB. Shorten it, or add the folder without it."
            );
        var bytes = new byte[file.State.Size];
        var read = file.Read(bytes, 0, bytes.Length);
        file.CheckUnchanged(read);
        using var text = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        var rules = new List<IgnoreRule>();
        // Lines end with a line feed, as in git; a carriage return alone doesn't end a line.
        var line = 0;
        foreach (var row in text.ReadToEnd().Split('\n'))
            if (
                IgnoreRule.Parse(
                    row.EndsWith("\r", StringComparison.Ordinal) ? row.Substring(0, row.Length - 1) : row,
                    ++line
                ) is
                { } rule
            )
                rules.Add(rule);
        return new IgnoreFile(path, prefix, outer, rules);
    }

    /// <summary>Finds the line that excludes a path.</summary>
    /// <param name="path">Path within the tree, below the folder of this file.</param>
    /// <param name="name">Last segment of the path.</param>
    /// <param name="isFolder">Whether the path is a folder's.</param>
    /// <returns>Null if no line excludes the path.</returns>
    public (IgnoreFile File, int Line)? Find(string path, string name, bool isFolder)
    {
        for (var file = this; file is not null; file = file._outer)
        {
            var below = path.Substring(file._prefix.Length);
            for (var i = file._rules.Count - 1; i >= 0; i--)
                if (file._rules[i].IsMatch(below, name, isFolder))
                    return file._rules[i].IsNegated ? null : (file, file._rules[i].Line);
        }
        return null;
    }
}

/// <summary>A path that an ignore file excludes.</summary>
/// <param name="Path">Path within the tree. The path of a folder ends in <c>/</c>, and stands for everything below it.</param>
/// <param name="File">Full path of the ignore file.</param>
/// <param name="Line">Number of the deciding line, from 1.</param>
public readonly record struct IgnoredPath(string Path, string File, int Line);

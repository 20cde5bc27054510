using System.Text;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>
/// A file whose lines say, in the syntax of gitignore, what is to be left out of its folder. The last line that matches
/// decides, and of nested files the innermost that has one. What is below a folder that is left out can't be taken back.
/// </summary>
internal sealed class IgnoreFile
{
    /// <summary>What such a file is called.</summary>
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
    /// <param name="path">Its full path.</param>
    /// <param name="prefix">Its folder within the tree: empty, or ending in <c>/</c>.</param>
    /// <param name="outer">The file that holds for the folders above; null for none.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="FileChangedWhileReadingException">It was written to meanwhile.</exception>
    public static IgnoreFile Read(string path, string prefix, IgnoreFile? outer)
    {
        using var file = new FileReader(path);
        if (file.State.Size > MaxSize)
            throw new IOException($"'{path}' is larger than {MaxSize >> 20} MiB, and so no list of what to leave out.");
        var bytes = new byte[file.State.Size];
        var read = file.Read(bytes, 0, bytes.Length);
        file.CheckUnchanged(read);
        using var text = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        var rules = new List<IgnoreRule>();
        // Lines end as git has them end: a carriage return alone doesn't.
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

    /// <summary>Finds the line that leaves something out.</summary>
    /// <param name="path">The path within the tree, below this file's folder.</param>
    /// <param name="name">Its last segment.</param>
    /// <param name="isFolder">Whether it is a folder's.</param>
    /// <returns>Null when it isn't left out.</returns>
    public (IgnoreFile File, int Line)? Find(string path, string name, bool isFolder)
    {
        for (var file = this; file is not null; file = file._outer)
        {
            var below = path.Substring(file._prefix.Length);
            for (var i = file._rules.Count - 1; i >= 0; i--)
                if (file._rules[i].IsMatch(below, name, isFolder))
                    return file._rules[i].TakesBack ? null : (file, file._rules[i].Line);
        }
        return null;
    }
}

/// <summary>Something that an ignore file left out of a tree.</summary>
/// <param name="Path">The path within the tree; a folder's ends in <c>/</c>, and stands for all below it.</param>
/// <param name="File">The ignore file's full path.</param>
/// <param name="Line">The number of the line that decided, the first being 1.</param>
public readonly record struct IgnoredPath(string Path, string File, int Line);

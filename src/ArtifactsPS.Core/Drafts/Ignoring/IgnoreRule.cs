namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>One line of an ignore file.</summary>
internal sealed class IgnoreRule
{
    private readonly IgnorePattern _pattern;
    private readonly bool _isAnchored;
    private readonly bool _foldersOnly;

    private IgnoreRule(IgnorePattern pattern, int line, bool isAnchored, bool foldersOnly, bool isNegated)
    {
        _pattern = pattern;
        Line = line;
        _isAnchored = isAnchored;
        _foldersOnly = foldersOnly;
        IsNegated = isNegated;
    }

    /// <summary>Line number, from 1.</summary>
    public int Line { get; }

    /// <summary>Whether the line includes matching paths again that earlier lines exclude.</summary>
    public bool IsNegated { get; }

    /// <summary>Parses a line.</summary>
    /// <returns>Null for a blank line, a comment, and a pattern that matches nothing.</returns>
    public static IgnoreRule? Parse(string text, int line)
    {
        if (text.StartsWith("#", StringComparison.Ordinal))
            return null;
        text = TrimTrailingSpaces(text);
        var isNegated = text.StartsWith("!", StringComparison.Ordinal);
        if (isNegated)
            text = text.Substring(1);
        var foldersOnly = text.EndsWith("/", StringComparison.Ordinal);
        if (foldersOnly)
            text = text.Substring(0, text.Length - 1);
        var isAnchored = text.IndexOf('/') >= 0;
        if (text.StartsWith("/", StringComparison.Ordinal))
            text = text.Substring(1);
        return IgnorePattern.Parse(text) is { } pattern
            ? new IgnoreRule(pattern, line, isAnchored, foldersOnly, isNegated)
            : null;
    }

    /// <param name="path">Path below the folder of the ignore file.</param>
    /// <param name="name">Last segment of the path.</param>
    /// <param name="isFolder">Whether the path is a folder's.</param>
    public bool IsMatch(string path, string name, bool isFolder) =>
        (isFolder || !_foldersOnly) && _pattern.IsMatch(_isAnchored ? path : name);

    private static string TrimTrailingSpaces(string text)
    {
        var end = 0;
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\')
                end = Math.Min(++i + 1, text.Length);
            else if (text[i] != ' ')
                end = i + 1;
        return text.Substring(0, end);
    }
}

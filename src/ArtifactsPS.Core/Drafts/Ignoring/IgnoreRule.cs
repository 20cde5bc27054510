namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>One line of an ignore file.</summary>
internal sealed class IgnoreRule
{
    private readonly IgnorePattern _pattern;
    private readonly bool _isAnchored;
    private readonly bool _foldersOnly;

    private IgnoreRule(IgnorePattern pattern, int line, bool isAnchored, bool foldersOnly, bool takesBack)
    {
        _pattern = pattern;
        Line = line;
        _isAnchored = isAnchored;
        _foldersOnly = foldersOnly;
        TakesBack = takesBack;
    }

    /// <summary>Its number, the first line's being 1.</summary>
    public int Line { get; }

    /// <summary>Whether what it matches is not to be left out, whatever the lines before say.</summary>
    public bool TakesBack { get; }

    /// <summary>Reads a line.</summary>
    /// <returns>Null for a blank line, a comment, and what can't match anything.</returns>
    public static IgnoreRule? Parse(string text, int line)
    {
        if (text.StartsWith("#", StringComparison.Ordinal))
            return null;
        text = WithoutSpacesAtItsEnd(text);
        var takesBack = text.StartsWith("!", StringComparison.Ordinal);
        if (takesBack)
            text = text.Substring(1);
        var foldersOnly = text.EndsWith("/", StringComparison.Ordinal);
        if (foldersOnly)
            text = text.Substring(0, text.Length - 1);
        var isAnchored = text.IndexOf('/') >= 0;
        if (text.StartsWith("/", StringComparison.Ordinal))
            text = text.Substring(1);
        return IgnorePattern.Parse(text) is { } pattern
            ? new IgnoreRule(pattern, line, isAnchored, foldersOnly, takesBack)
            : null;
    }

    /// <param name="path">The path below the ignore file's folder.</param>
    /// <param name="name">The path's last segment.</param>
    /// <param name="isFolder">Whether it is a folder's.</param>
    public bool IsMatch(string path, string name, bool isFolder) =>
        (isFolder || !_foldersOnly) && _pattern.IsMatch(_isAnchored ? path : name);

    private static string WithoutSpacesAtItsEnd(string text)
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

namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>Reads Unicode code points from strings. A surrogate pair is one code point.</summary>
internal static class CodePoint
{
    public static int At(string text, int index) =>
        char.IsSurrogatePair(text, index) ? char.ConvertToUtf32(text, index) : text[index];

    /// <summary>Length of a code point in UTF-16 code units.</summary>
    public static int Length(int codePoint) => codePoint > char.MaxValue ? 2 : 1;
}

namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>Characters as people count them: a surrogate pair is one.</summary>
internal static class CodePoint
{
    public static int At(string text, int index) =>
        char.IsSurrogatePair(text, index) ? char.ConvertToUtf32(text, index) : text[index];

    /// <summary>How many <see cref="char"/> it takes.</summary>
    public static int Length(int codePoint) => codePoint > char.MaxValue ? 2 : 1;
}

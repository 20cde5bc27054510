using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Name of a tag: up to 128 characters without <c>/</c>, <c>:</c> and <c>@</c>, control characters, and white space at an
/// end.
/// </summary>
public sealed class TagName : CaseInsensitiveName
{
    private TagName(string text)
        : base(text) { }

    /// <exception cref="InvalidArtifactTagException">The text can't be a tag.</exception>
    public static TagName Parse(string text) =>
        FaultOfLabel(text) is { } fault ? throw new InvalidArtifactTagException(text, fault) : new TagName(text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TagName? tag)
    {
        tag = text is not null && FaultOfLabel(text) is null ? new TagName(text) : null;
        return tag is not null;
    }
}

/// <summary>The text can't be a tag.</summary>
public sealed class InvalidArtifactTagException(string tag, string fault)
    : ArtifactsException($"Invalid tag '{tag}'. {fault}.", tag)
{
    public override string ErrorId => "InvalidArtifactTag";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

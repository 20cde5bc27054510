using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>Type of an artifact, such as <c>dataset</c>: up to 128 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</summary>
public sealed class TypeName : CaseInsensitiveName
{
    private TypeName(string text)
        : base(text) { }

    /// <exception cref="InvalidArtifactTypeException">The text can't be an artifact's type.</exception>
    public static TypeName Parse(string text) =>
        FaultOfWord(text) is { } fault ? throw new InvalidArtifactTypeException(text, fault) : new TypeName(text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TypeName? type)
    {
        type = text is not null && FaultOfWord(text) is null ? new TypeName(text) : null;
        return type is not null;
    }
}

/// <summary>The text can't be an artifact's type.</summary>
public sealed class InvalidArtifactTypeException(string type, string fault)
    : ArtifactsException($"Invalid artifact type '{type}'. {fault}.", type)
{
    public override string ErrorId => "InvalidArtifactType";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

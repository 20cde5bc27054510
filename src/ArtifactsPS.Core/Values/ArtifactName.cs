using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>Name of an artifact.</summary>
public sealed class ArtifactName : KeyName
{
    private ArtifactName(string text)
        : base(text) { }

    /// <exception cref="InvalidArtifactNameException">The text can't be an artifact's name.</exception>
    public static ArtifactName Parse(string text) =>
        Fault(text) is { } fault ? throw new InvalidArtifactNameException(text, fault) : new ArtifactName(text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ArtifactName? name)
    {
        name = text is not null && Fault(text) is null ? new ArtifactName(text) : null;
        return name is not null;
    }

    /// <summary>Parses a name as keys spell it, in lower case.</summary>
    internal static bool TryParseKey(string text, [NotNullWhen(true)] out ArtifactName? name)
    {
        name = Fault(text) is null && KeyOf(text) == text ? new ArtifactName(text) : null;
        return name is not null;
    }
}

/// <summary>The text can't be an artifact's name, or a reference that begins with one.</summary>
public sealed class InvalidArtifactNameException(string name, string fault)
    : ArtifactsException($"Invalid artifact name '{name}'. {fault}.", name)
{
    public override string ErrorId => "InvalidArtifactName";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

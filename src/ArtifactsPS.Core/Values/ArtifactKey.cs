using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Key of an artifact: its first name in lower case. It never changes. Everything that belongs to the artifact is in the folder of
/// this name.
/// </summary>
public sealed record ArtifactKey
{
    private readonly string _text;

    private ArtifactKey(string text) => _text = text;

    /// <summary>The first name, in lower case.</summary>
    public ArtifactName FirstName => ArtifactName.Parse(_text);

    /// <summary>Key of the artifact whose first name is given.</summary>
    public static ArtifactKey Of(ArtifactName firstName) => new(firstName.Key);

    /// <summary>Parses a key as it is part of a store's keys.</summary>
    internal static bool TryParse(string text, [NotNullWhen(true)] out ArtifactKey? key)
    {
        key = ArtifactName.TryParseKey(text, out _) ? new ArtifactKey(text) : null;
        return key is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => _text;
}

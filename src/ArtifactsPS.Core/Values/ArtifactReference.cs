using System.Globalization;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Reference to a version by its number (<c>name:v3</c>), an alias (<c>name:prod</c>) or its digest
/// (<c>name@sha256:…</c>). A name alone means <c>name:latest</c>.
/// </summary>
public sealed class ArtifactReference
{
    private ArtifactReference(ArtifactName name) => Name = name;

    /// <summary>Name of the artifact.</summary>
    public ArtifactName Name { get; }

    /// <summary>Version number; null for a reference by alias or digest.</summary>
    public int? Version { get; private init; }

    /// <summary>Digest of the version; null for a reference by number or alias.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>Alias of the version; null for a reference by number or digest.</summary>
    public AliasName? Alias { get; private init; }

    /// <summary>Whether the reference is a name alone, without a version.</summary>
    public bool IsNameOnly { get; private init; }

    /// <summary>Creates a reference by number.</summary>
    public static ArtifactReference To(ArtifactName name, int version) => new(name) { Version = version };

    /// <summary>Parses a reference.</summary>
    /// <exception cref="InvalidArtifactNameException">The name, or the form of the reference, is invalid.</exception>
    /// <exception cref="InvalidArtifactAliasException">The text after the colon is neither a version number nor an alias.</exception>
    public static ArtifactReference Parse(string text)
    {
        var at = text.IndexOf('@');
        if (at >= 0)
            return Values.Digest.TryParse(text.Substring(at + 1), out var digest)
                ? new ArtifactReference(ArtifactName.Parse(text.Substring(0, at))) { Digest = digest }
                : throw new InvalidArtifactNameException(text, "After '@', use 'sha256:' and 64 hex digits");
        var colon = text.IndexOf(':');
        if (colon < 0)
            return new ArtifactReference(ParseName(text)) { Alias = AliasName.Latest, IsNameOnly = true };
        var name = ArtifactName.Parse(text.Substring(0, colon));
        var selector = text.Substring(colon + 1);
        if (!AliasName.IsVersionNumber(selector))
            return new ArtifactReference(name) { Alias = AliasName.Parse(selector) };
        return int.TryParse(selector.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ArtifactReference(name) { Version = number }
            : throw new InvalidArtifactNameException(text, $"Use a version number of at most {int.MaxValue}");
    }

    // As paths of drives have it.
    private static ArtifactName ParseName(string text) =>
        text.IndexOf('/') is > 0 and var slash
        && AliasName.IsVersionNumber(text.Substring(slash + 1))
        && ArtifactName.TryParse(text.Substring(0, slash), out var name)
            ? throw new InvalidArtifactNameException(text, $"The version is '{name}:{text.Substring(slash + 1)}'")
            : ArtifactName.Parse(text);

    /// <inheritdoc/>
    public override string ToString() =>
        Version is { } version ? string.Format(CultureInfo.InvariantCulture, "{0}:v{1}", Name, version)
        : Digest is { } digest ? $"{Name}@{digest}"
        : $"{Name}:{Alias}";
}

/// <summary>The store has no artifact of that name.</summary>
/// <param name="nearest">The name that was most likely meant; null if none is similar.</param>
public sealed class ArtifactNotFoundException(ArtifactName name, string store, string? nearest = null)
    : ArtifactsException(
        $"There is no artifact '{name}' in the store '{store}'.{NearestName.Hint(nearest)} Get-Artifact lists its artifacts.",
        name.ToString()
    )
{
    public override string ErrorId => "ArtifactNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The artifact has no such version.</summary>
/// <param name="nearest">The reference that was most likely meant; null if none is similar.</param>
public sealed class ArtifactVersionNotFoundException(
    string reference,
    ArtifactName name,
    string store,
    string? nearest = null
)
    : ArtifactsException(
        $"There is no version '{reference}' in the store '{store}'.{NearestName.Hint(nearest)} Get-Artifact '{name}' -AllVersions lists its versions.",
        reference
    )
{
    public override string ErrorId => "ArtifactVersionNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

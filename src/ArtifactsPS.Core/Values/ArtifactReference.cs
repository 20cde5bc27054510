using System.Globalization;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Names a version: <c>name:v3</c> by its number, <c>name:prod</c> by an alias, <c>name@sha256:…</c> by its content,
/// <c>name</c> for <c>name:latest</c>.
/// </summary>
public sealed class ArtifactReference
{
    private ArtifactReference(string name) => Name = name;

    /// <summary>The artifact.</summary>
    public string Name { get; }

    /// <summary>The number, where the version is named by it.</summary>
    public int? Version { get; private init; }

    /// <summary>The digest, where the version is named by it.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>The alias, where the version is named by it.</summary>
    public string? Alias { get; private init; }

    /// <summary>Whether the name stood alone.</summary>
    public bool IsNameOnly { get; private init; }

    /// <summary>Names a version by its number.</summary>
    public static ArtifactReference To(string name, int version) => new(Names.CheckName(name)) { Version = version };

    /// <summary>Reads a reference.</summary>
    /// <exception cref="InvalidArtifactNameException">The name, or the whole, has no such form.</exception>
    /// <exception cref="InvalidArtifactAliasException">What follows the colon is neither a version nor an alias.</exception>
    public static ArtifactReference Parse(string text)
    {
        var at = text.IndexOf('@');
        if (at >= 0)
            return Values.Digest.TryParse(text.Substring(at + 1), out var digest)
                ? new ArtifactReference(Names.CheckName(text.Substring(0, at))) { Digest = digest }
                : throw new InvalidArtifactNameException(text, "After '@', use 'sha256:' and 64 hex digits");
        var colon = text.IndexOf(':');
        if (colon < 0)
            return new ArtifactReference(Names.CheckName(text)) { Alias = Names.Latest, IsNameOnly = true };
        var name = Names.CheckName(text.Substring(0, colon));
        var selector = text.Substring(colon + 1);
        if (!AliasName.IsVersionNumber(selector))
            return new ArtifactReference(name) { Alias = Names.CheckAlias(selector) };
        return int.TryParse(selector.Substring(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ArtifactReference(name) { Version = number }
            : throw new InvalidArtifactNameException(text, $"Use a version number of at most {int.MaxValue}");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Version is { } version ? string.Format(CultureInfo.InvariantCulture, "{0}:v{1}", Name, version)
        : Digest is { } digest ? $"{Name}@{digest}"
        : $"{Name}:{Alias}";
}

/// <summary>There is no artifact of a name.</summary>
public sealed class ArtifactNotFoundException(string name, string store)
    : ArtifactsException(
        $"There is no artifact '{name}' in the store '{store}'. Get-Artifact lists what there is.",
        name
    )
{
    public override string ErrorId => "ArtifactNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>An artifact has no such version.</summary>
public sealed class ArtifactVersionNotFoundException(string reference, string name, string store)
    : ArtifactsException(
        $"There is no version '{reference}' in the store '{store}'. Get-Artifact '{name}' -AllVersions lists those there are.",
        reference
    )
{
    public override string ErrorId => "ArtifactVersionNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

namespace ArtifactsPS.Core.Values;

/// <summary>Checks of names that are kept as texts.</summary>
public static class Names
{
    /// <summary>The alias that every publish moves to the published version.</summary>
    public const string Latest = "latest";

    /// <summary>Compares names without regard to case.</summary>
    public static StringComparer Comparer => CaseInsensitiveName.Comparer;

    /// <exception cref="InvalidArtifactNameException">The text can't be an artifact's name.</exception>
    public static string CheckName(string name) => ArtifactName.Parse(name).ToString();

    /// <exception cref="InvalidArtifactTypeException">The text can't be an artifact's type.</exception>
    public static string CheckType(string type) => TypeName.Parse(type).ToString();

    /// <exception cref="InvalidArtifactAliasException">The text can't be an alias.</exception>
    public static string CheckAlias(string alias) => AliasName.Parse(alias).ToString();

    /// <exception cref="InvalidArtifactTagException">The text can't be a tag.</exception>
    public static string CheckTag(string tag) => TagName.Parse(tag).ToString();

    /// <summary>Lower-case form of a name, as it is part of a store's keys.</summary>
    public static string KeyOf(string name) => ArtifactName.KeyOf(name);

    /// <summary>Advice for a text that can't be part of a key; null if it can.</summary>
    internal static string? FaultOfKey(string text) => ArtifactName.Fault(text);
}

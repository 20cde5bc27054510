using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Name of an artifact: up to 128 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>. It can be a folder's name on every
/// system, so it can't end with a dot or be a Windows device.
/// </summary>
public sealed class ArtifactName : CaseInsensitiveName
{
    private ArtifactName(string text)
        : base(text) { }

    /// <summary>The name in lower case, as it is part of a store's keys. Equal names have the same key.</summary>
    public string Key => KeyOf(ToString());

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
        if (!TryParse(text, out name) || name.Key != text)
            name = null;
        return name is not null;
    }

    /// <summary>Lower-case form of a name or id, as it is part of a store's keys.</summary>
#pragma warning disable CA1308 // Keys are lower case.
    internal static string KeyOf(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Advice for a text that can't be an artifact's name or another part of a key; null if it can.</summary>
    internal static string? Fault(string text)
    {
        if (FaultOfWord(text) is { } fault)
            return fault;
        if (text is "." or "..")
            return "'.' and '..' are folders; use another name";
        if (text[text.Length - 1] == '.')
            return "Remove the dot at its end";
        return WindowsDevices.Include(text) ? "It is a Windows device; use another name" : null;
    }
}

/// <summary>The text can't be an artifact's name, or a reference that begins with one.</summary>
public sealed class InvalidArtifactNameException(string name, string fault)
    : ArtifactsException($"Invalid artifact name '{name}'. {fault}.", name)
{
    public override string ErrorId => "InvalidArtifactName";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

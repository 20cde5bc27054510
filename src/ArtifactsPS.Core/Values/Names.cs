namespace ArtifactsPS.Core.Values;

/// <summary>What artifacts, types, aliases and tags can be called. All ignore case and keep it.</summary>
public static class Names
{
    /// <summary>The alias that moves to whatever is published last.</summary>
    public const string Latest = "latest";

    private const int MaxLength = 128;

    private static readonly HashSet<string> Devices = new(
        [
            "CON",
            "PRN",
            "AUX",
            "NUL",
            "COM1",
            "COM2",
            "COM3",
            "COM4",
            "COM5",
            "COM6",
            "COM7",
            "COM8",
            "COM9",
            "LPT1",
            "LPT2",
            "LPT3",
            "LPT4",
            "LPT5",
            "LPT6",
            "LPT7",
            "LPT8",
            "LPT9",
            "COM\u00b9",
            "COM\u00b2",
            "COM\u00b3",
            "LPT\u00b9",
            "LPT\u00b2",
            "LPT\u00b3",
            "CONIN$",
            "CONOUT$",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Compares names.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <exception cref="InvalidArtifactNameException">An artifact can't be called that.</exception>
    public static string CheckName(string name) =>
        FaultOfName(name) is { } fault ? throw new InvalidArtifactNameException(name, fault) : name;

    /// <exception cref="InvalidArtifactTypeException">A type can't be called that.</exception>
    public static string CheckType(string type) =>
        FaultOfLetters(type) is { } fault ? throw new InvalidArtifactTypeException(type, fault) : type;

    /// <exception cref="InvalidArtifactAliasException">An alias can't be called that.</exception>
    public static string CheckAlias(string alias) =>
        FaultOfAlias(alias) is { } fault ? throw new InvalidArtifactAliasException(alias, fault) : alias;

    /// <exception cref="InvalidArtifactTagException">A tag can't be called that.</exception>
    public static string CheckTag(string tag) =>
        FaultOfLabel(tag) is { } fault ? throw new InvalidArtifactTagException(tag, fault) : tag;

    /// <summary>Whether a text has the form of a version's number, <c>v3</c>.</summary>
    public static bool IsVersion(string text) =>
        text.Length > 1 && text[0] is 'v' or 'V' && text.Skip(1).All(c => c is >= '0' and <= '9');

    /// <summary>A name as it stands in keys: two that differ in case alone have the same.</summary>
    public static string KeyOf(string name) => name.ToLowerInvariant();

    /// <summary>Whether Windows takes a file's name for a device's, as it does <c>nul</c>, <c>com1.txt</c> and
    /// <c>aux .c</c>.</summary>
    internal static bool IsWindowsDevice(string name)
    {
        var dot = name.IndexOf('.');
        return Devices.Contains((dot < 0 ? name : name.Substring(0, dot)).TrimEnd(' '));
    }

    /// <summary>Why a text can't be part of a key; null when it can. What names can be called, they can.</summary>
    internal static string? FaultOfKey(string text) => FaultOfName(text);

    private static string? FaultOfName(string name)
    {
        if (FaultOfLetters(name) is { } fault)
            return fault;
        if (name is "." or "..")
            return "'.' and '..' mean folders";
        if (name[name.Length - 1] == '.')
            return "it ends in a dot";
        return IsWindowsDevice(name) ? "it is the name of a Windows device" : null;
    }

    private static string? FaultOfLetters(string text)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Length > MaxLength)
            return $"it is longer than {MaxLength} characters";
        foreach (var c in text)
            if (c is not (>= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' or '.'))
                return $"'{c}' can't be part of it; letters, digits and _ - . can";
        return null;
    }

    private static string? FaultOfAlias(string alias) =>
        FaultOfLabel(alias) ?? (IsVersion(alias) ? "that form names versions by their number" : null);

    private static string? FaultOfLabel(string text)
    {
        if (text.Length == 0)
            return "it is empty";
        if (text.Length > MaxLength)
            return $"it is longer than {MaxLength} characters";
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[text.Length - 1]))
            return "it has white space at an end";
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]))
                return "it has a control character";
            else if (text[i] is '/' or ':' or '@')
                return $"'{text[i]}' can't be part of it";
            else if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
                return "it isn't valid Unicode (half of a surrogate pair)";
        return null;
    }
}

/// <summary>A text that can't be an artifact's name.</summary>
public sealed class InvalidArtifactNameException(string name, string fault)
    : ArtifactsException($"'{name}' can't be the name of an artifact: {fault}.", name)
{
    public override string ErrorId => "InvalidArtifactName";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A text that can't be an artifact's type.</summary>
public sealed class InvalidArtifactTypeException(string type, string fault)
    : ArtifactsException($"'{type}' can't be the type of an artifact: {fault}.", type)
{
    public override string ErrorId => "InvalidArtifactType";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A text that can't be an alias.</summary>
public sealed class InvalidArtifactAliasException(string alias, string fault, string use = "be an alias")
    : ArtifactsException($"'{alias}' can't {use}: {fault}.", alias)
{
    public override string ErrorId => "InvalidArtifactAlias";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A text that can't be a tag.</summary>
public sealed class InvalidArtifactTagException(string tag, string fault)
    : ArtifactsException($"'{tag}' can't be a tag: {fault}.", tag)
{
    public override string ErrorId => "InvalidArtifactTag";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

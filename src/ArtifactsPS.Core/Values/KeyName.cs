namespace ArtifactsPS.Core.Values;

/// <summary>
/// Name that is part of a store's keys: up to 128 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>. It can be a folder's name
/// on every system, so it can't end with a dot or be a Windows device.
/// </summary>
public abstract class KeyName : CaseInsensitiveName
{
    private protected KeyName(string text)
        : base(text) { }

    /// <summary>The name in lower case, as it is part of a store's keys. Equal names have the same key.</summary>
    public string Key => KeyOf(ToString());

    /// <summary>Lower-case form of a valid name, as it is part of a store's keys.</summary>
#pragma warning disable CA1308 // Keys are lower case.
    internal static string KeyOf(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Advice for a text that can't be part of a key; null if it can.</summary>
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

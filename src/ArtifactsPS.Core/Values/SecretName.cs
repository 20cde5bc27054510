namespace ArtifactsPS.Core.Values;

/// <summary>Recognizes names of options and parameters whose values are secrets. Case, <c>_</c>, <c>-</c> and <c>.</c> don't
/// matter.</summary>
internal static class SecretName
{
    // A name that contains one of these is refused everywhere.
    private static readonly string[] Words =
    [
        "secret",
        "password",
        "passwd",
        "pwd",
        "token",
        "credential",
        "signature",
        "accesskey",
        "accountkey",
        "apikey",
    ];

    /// <summary>Whether a name is that of a secret.</summary>
    /// <param name="words">Words that a name of a secret contains, besides those that are the same everywhere.</param>
    /// <param name="names">Whole names of secrets, without <c>_</c>, <c>-</c> and <c>.</c>.</param>
    public static bool Is(string name, string[] words, string[] names)
    {
        var plain = Plain(name);
        return names.Contains(plain, StringComparer.OrdinalIgnoreCase)
            || Words.Concat(words).Any(word => plain.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    /// <summary>Whether two names are the same.</summary>
    public static bool AreSame(string name, string other) =>
        Plain(name).Equals(Plain(other), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Replace("_", "").Replace("-", "").Replace(".", "");
}

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>Recognizes secrets in a location by their names. A location is stored and shown, so secrets are refused.</summary>
internal static class StoreSecrets
{
    // A name that contains one of these is refused, whatever the kind of store. Kinds add names of their own.
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
        "connectionstring",
    ];

    private static readonly string[] Names = ["key", "user", "sig"];

    /// <summary>Whether an option of this name would hold a secret, or a part of one.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="kind">The kind of store; null when none is installed for the location.</param>
    public static bool IsSecret(string name, StoreKindDescription? kind)
    {
        var plain = Plain(name);
        return Names.Contains(plain, StringComparer.OrdinalIgnoreCase)
            || Array.Exists(Words, word => plain.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
            || (
                kind?.SecretNames.Any(secret => Plain(secret).Equals(plain, StringComparison.OrdinalIgnoreCase))
                ?? false
            );
    }

    /// <summary>Creates the error for a location that has a secret.</summary>
    /// <param name="safe">The location without what may be secret.</param>
    /// <param name="what">What was found.</param>
    /// <param name="kind">The kind of store; null when none is installed for the location.</param>
    public static InvalidStoreLocationException Found(string safe, string what, StoreKindDescription? kind)
    {
        var variables = kind is { CredentialSource.Length: > 0 } ? $" ({kind.CredentialSource})" : "";
        return new(
            safe,
            $"it has {what}, which would be stored and shown. Give secrets in the environment{variables}, where the "
                + "service's own tools keep them, or with -Credential of New-ArtifactStore and Register-ArtifactStore"
        );
    }

    private static string Plain(string name) => name.Replace("_", "").Replace("-", "").Replace(".", "");
}

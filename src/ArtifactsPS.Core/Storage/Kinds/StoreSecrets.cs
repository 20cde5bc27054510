using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>Knows a secret by its name, so that it is refused where it would be kept or shown.</summary>
internal static class StoreSecrets
{
    // Those of the two services and what people call theirs.
    private static readonly string[] Parts =
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
        "sharedaccess",
        "xamz",
    ];

    private static readonly string[] Names = ["sig", "sas", "key", "user", "se", "sp", "sv", "st", "sr", "skoid"];

    /// <summary>Whether an option of this name would hold a secret, or be part of one.</summary>
    public static bool IsSecret(string name) =>
        Array.Exists(Names, secret => string.Equals(secret, name, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(Parts, part => Plain(name).IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary>The error that names the way out.</summary>
    /// <param name="safe">The location without what may be secret.</param>
    /// <param name="what">What was found.</param>
    public static InvalidStoreLocationException Found(string safe, string what) =>
        new(
            safe,
            $"it has {what}, which would be kept and shown. Secrets come from the environment (AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY; AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_SAS_TOKEN), from where the "
                + "service's own tools keep them, or from -Credential of New-ArtifactStore and Register-ArtifactStore"
        );

    private static string Plain(string name) => name.Replace("_", "").Replace("-", "").Replace(".", "");
}

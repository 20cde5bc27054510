using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>Recognizes secrets in a location by their names. A location is stored and shown, so secrets are refused.</summary>
internal static class StoreSecrets
{
    private static readonly string[] Words = ["connectionstring"];

    private static readonly string[] Names = ["key", "user", "sig"];

    /// <summary>Whether an option of this name would hold a secret, or a part of one.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="kind">The kind of store, which has names of its own; null when none is installed for the location.</param>
    public static bool IsSecret(string name, StoreKindDescription? kind) =>
        SecretName.Is(name, Words, Names)
        || (kind?.SecretNames.Any(secret => SecretName.AreSame(secret, name)) ?? false);

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
}

using System.Management.Automation;
using System.Net;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Name of a credential in a vault of the SecretManagement module: <c>vault/secret</c>, or <c>secret</c> in the default
/// vault. The vault is asked when the credential is needed, and nothing of it is saved.</summary>
internal static class CredentialSecret
{
    private const string Script = """
        param($Name, $Vault)
        $arguments = if ($Vault) { @{ Vault = $Vault } } else { @{} }
        Get-Secret -Name $Name @arguments -ErrorAction Stop
        """;

    /// <summary>Provides the credential of a registered store for this session, unless the session has one. Called on the
    /// pipeline thread.</summary>
    /// <exception cref="CredentialSecretException">The vault has no such credential.</exception>
    public static void Provide(StoreResolver stores, string? nameOrLocation, CommandInvocationIntrinsics commands)
    {
        if (
            stores.RegistrationOf(nameOrLocation) is { CredentialSecret: { } secret } store
            && !StoreLocation.Remembers(store.Location)
        )
            StoreLocation.Remember(store.Location, Read(secret, commands));
    }

    /// <summary>Reads a credential from its vault.</summary>
    /// <exception cref="CredentialSecretException">The vault has no such credential.</exception>
    public static NetworkCredential Read(string secret, CommandInvocationIntrinsics commands)
    {
        if (commands.GetCommand("Get-Secret", CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias) is null)
            throw new CredentialSecretException(
                secret,
                "there is no command Get-Secret. Install the module Microsoft.PowerShell.SecretManagement"
            );
        var slash = secret.IndexOf('/');
        var vault = slash < 0 ? null : secret.Substring(0, slash);
        object? found;
        try
        {
            found = commands.InvokeScript(Script, secret.Substring(slash + 1), vault).SingleOrDefault()?.BaseObject;
        }
        catch (RuntimeException e)
        {
            throw new CredentialSecretException(secret, e.Message.TrimEnd('.'), e);
        }
        return found is PSCredential credential
            ? credential.GetNetworkCredential()
            : throw new CredentialSecretException(
                secret,
                $"it is {(found is null ? "missing" : $"a {found.GetType().Name}")}. Save a PSCredential with Set-Secret"
            );
    }
}

/// <summary>The vault of a registered store's credential can't provide it.</summary>
/// <param name="what">What is wrong and what to do, without a full stop.</param>
public sealed class CredentialSecretException(string secret, string what, Exception? inner = null)
    : ArtifactsException($"The credential '{secret}' can't be used: {what}.", secret, inner)
{
    public override string ErrorId => "CredentialSecretUnavailable";

    public override ErrorKind Kind => ErrorKind.ResourceUnavailable;
}

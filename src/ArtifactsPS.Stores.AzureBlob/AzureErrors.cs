using System.Net;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using Azure;
using Azure.Identity;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Tells what Azure's errors mean, without what may be secret in them.</summary>
internal sealed class AzureErrors(StoreAddress address) : BucketErrors
{
    private const string WhereCredentialsAre =
        "-Credential of New-ArtifactStore and Register-ArtifactStore (user name: the account; password: its key, or a SAS), "
        + "AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_SAS_TOKEN, and what Azure's tools know: AZURE_CLIENT_ID and its kin, "
        + "a workload or managed identity, Visual Studio, az login, Connect-AzAccount, azd auth login";

    /// <summary>Until when the SAS is good that requests are signed with; null where there is none, or it doesn't say.</summary>
    public DateTimeOffset? SasEnd { get; set; }

    /// <summary>Whether it says that there is no such key; not where there is no container.</summary>
    public static bool IsNoKey(RequestFailedException e) =>
        e.Status == (int)HttpStatusCode.NotFound && e.ErrorCode is not ("ContainerNotFound" or "ResourceNotFound");

    /// <inheritdoc/>
    protected override BucketException Describe(Exception exception) =>
        exception switch
        {
            CredentialUnavailableException => Refused(
                $"no credentials were found. They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            AuthenticationFailedException => Refused(
                $"the credentials that Azure's tools know were not accepted. They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            // Some services say so, and some that access is denied.
            RequestFailedException { Status: (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized } e
                when SasEnd < DateTimeOffset.UtcNow => Refused(
                $"the credentials have expired ({Named(e)}): the SAS was good until {SasEnd:u}. Credentials are looked for, in this "
                    + $"order, in: {WhereCredentialsAre}."
            ),
            RequestFailedException { Status: not 0 } e => FromService(e),
            _ => BucketException.Unreached(exception),
        };

    private BucketException FromService(RequestFailedException e) =>
        e.ErrorCode switch
        {
            "ContainerNotFound" or "ResourceNotFound" => Refused(
                $"there is no container '{address.Segments[0]}' in the account '{address.Root}'. Make it with the service's own tools."
            ),
            "ContainerBeingDeleted" => Refused($"the container '{address.Segments[0]}' is being deleted."),
            "AuthorizationPermissionMismatch" or "AuthorizationFailure" or "InsufficientAccountPermissions" => Refused(
                $"access was denied ({Named(e)}). Whoever the credentials are for needs the role 'Storage Blob Data Contributor' on "
                    + "the container, or a SAS with the permissions read, add, create, write, delete and list. Credentials are looked "
                    + $"for, in this order, in: {WhereCredentialsAre}."
            ),
            "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" => Refused(
                $"the credentials were not accepted ({Named(e)}): they are wrong or have expired, or this machine's clock is "
                    + $"wrong. They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            "InvalidHeaderValue" or "UnsupportedHeader" => Refused(
                $"the service doesn't know something that was asked of it ({Named(e)}). If it is an older one, the option apiVersion "
                    + "in the location names the version that it speaks."
            ),
            "AccountIsDisabled" => Refused($"the account '{address.Root}' is disabled ({Named(e)})."),
            _ => (HttpStatusCode)e.Status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Refused(
                    $"access was denied ({Named(e)}). Credentials are looked for, in this order, in: {WhereCredentialsAre}."
                ),
                (HttpStatusCode)507 => new BucketException(BucketFailure.Full, $"the service says so ({Named(e)})."),
                HttpStatusCode.NotImplemented => Refused($"the service can't do what a store needs ({Named(e)})."),
                HttpStatusCode.RequestTimeout or (HttpStatusCode)429 or >= HttpStatusCode.InternalServerError =>
                    new BucketException(BucketFailure.Unanswered, $"the service couldn't answer ({Named(e)})."),
                _ => Refused($"the service refused a request ({Named(e)})."),
            },
        };

    // The service's own message may quote what was sent.
    private static string Named(RequestFailedException e)
    {
        var name = e.ErrorCode is { Length: > 0 } code ? $"{code}, status {e.Status}" : $"status {e.Status}";
        return e.GetRawResponse()?.Headers.RequestId is { Length: > 0 } id ? $"{name}, request {id}" : name;
    }
}

using System.Net;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using Azure;
using Azure.Identity;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Translates Azure's errors, without their secrets.</summary>
internal class AzureErrors(StoreAddress address, string container) : BucketErrors
{
    private const string WhereCredentialsAre =
        "-Credential of New-ArtifactStore and Register-ArtifactStore (user name: the account; password: its key, or a SAS), "
        + "AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_SAS_TOKEN, and the credentials of Azure's tools: AZURE_CLIENT_ID and related variables, "
        + "a workload or managed identity, Visual Studio, az login, Connect-AzAccount, azd auth login";

    /// <summary>End of the SAS that signs requests; null without a SAS, or if it has no end.</summary>
    public DateTimeOffset? SasEnd { get; set; }

    /// <summary>Whether a key is missing. False if the container is missing.</summary>
    public static bool IsNoKey(RequestFailedException e) =>
        e.Status == (int)HttpStatusCode.NotFound && e.ErrorCode is not ("ContainerNotFound" or "ResourceNotFound");

    /// <inheritdoc/>
    protected override Exception Describe(Exception exception) =>
        exception switch
        {
            CredentialUnavailableException => Refused(
                $"no credentials were found. They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            AuthenticationFailedException => Refused(
                $"the credentials of Azure's tools were not accepted. They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            RequestFailedException e when e.GetRawResponse()?.Headers.Contains("x-amz-request-id") == true => Refused(
                $"the service at the endpoint is not Azure Blob Storage but S3 ({Named(e)}). Use a location s3://bucket, or correct the "
                    + "option endpoint."
            ),
            // Services report an expired SAS in different ways.
            RequestFailedException { Status: (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized } e
                when SasEnd < DateTimeOffset.UtcNow => Refused(
                $"the credentials have expired ({Named(e)}): the SAS ended at {SasEnd:u}. Credentials are looked for, in this "
                    + $"order, in: {WhereCredentialsAre}."
            ),
            RequestFailedException { Status: not 0 } e => FromService(e),
            _ => BucketException.Unreached(exception),
        };

    private BucketException FromService(RequestFailedException e) =>
        e.ErrorCode switch
        {
            "ContainerNotFound" or "ResourceNotFound" => Refused(
                $"there is no container '{container}' in the account '{address.Root}'. Make it with the service's own tools.{EndpointHint}"
            ),
            "ContainerBeingDeleted" => Refused($"the container '{container}' is being deleted."),
            "AuthorizationPermissionMismatch" or "AuthorizationFailure" or "InsufficientAccountPermissions" => Refused(
                $"access was denied ({Named(e)}). An account key is wrong, or the user needs the role 'Storage Blob Data Contributor' on "
                    + "the container, or needs a SAS with the permissions read, add, create, write, delete and list. Credentials are looked "
                    + $"for, in this order, in: {WhereCredentialsAre}.{EndpointHint}"
            ),
            "AuthenticationFailed" or "InvalidAuthenticationInfo" or "NoAuthenticationInformation" => Refused(
                $"the credentials were not accepted ({Named(e)}): they are wrong or have expired, or this machine's clock is "
                    + $"wrong. They were looked for, in this order, in: {WhereCredentialsAre}.{EndpointHint}"
            ),
            "InvalidHeaderValue" or "UnsupportedHeader" => Refused(
                $"the service doesn't support a feature of the request ({Named(e)}). For an older service, set the option apiVersion "
                    + "in the location to its version."
            ),
            "AccountIsDisabled" => Refused($"the account '{address.Root}' is disabled ({Named(e)})."),
            _ => (HttpStatusCode)e.Status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Refused(
                    $"access was denied ({Named(e)}). Credentials are looked for, in this order, in: {WhereCredentialsAre}.{EndpointHint}"
                ),
                (HttpStatusCode)507 => new BucketException(BucketFailure.Full, $"the service says so ({Named(e)})."),
                HttpStatusCode.NotImplemented => Refused($"the service can't do what a store needs ({Named(e)})."),
                var status when HttpStatus.IsTransient(status) => new BucketException(
                    BucketFailure.Unanswered,
                    $"the service couldn't answer ({Named(e)})."
                ),
                _ => Refused($"the service refused a request ({Named(e)}).{EndpointHint}"),
            },
        };

    /// <summary>Advice about an endpoint without an account; empty for others.</summary>
    // A custom domain needs no account in its address, so this is only a hint.
    protected string EndpointHint =>
        address.ServerOf(AzureContainers.Endpoint) is { } server
        && !server.Host.StartsWith(address.Root + ".", StringComparison.OrdinalIgnoreCase)
        && !server.AbsolutePath.Trim('/').Equals(address.Root, StringComparison.OrdinalIgnoreCase)
            ? $" The endpoint doesn't name the account. Many servers need it: ?endpoint={server.GetLeftPart(UriPartial.Authority)}/{address.Root}"
            : "";

    /// <summary>Names an error. Leaves out the service's message, which may quote the request.</summary>
    protected static string Named(RequestFailedException e)
    {
        var name = e.ErrorCode is { Length: > 0 } code ? $"{code}, status {e.Status}" : $"status {e.Status}";
        return e.GetRawResponse()?.Headers.RequestId is { Length: > 0 } id ? $"{name}, request {id}" : name;
    }
}

using System.Net;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Kinds;
using Azure;
using Azure.Identity;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Translates Azure's errors about targets of references, without their secrets.</summary>
internal sealed class AzureReferenceErrors(StoreAddress address, string container) : AzureErrors(address, container)
{
    private const string HowToGive =
        "Give credentials in AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_SAS_TOKEN, log in with az login, or register a store in "
        + "this container with -Credential.";

    private readonly string _account = address.Root;
    private readonly string _container = container;

    /// <summary>Whether requests have no credentials.</summary>
    public bool IsAnonymous { get; set; }

    /// <inheritdoc/>
    protected override Exception Describe(Exception exception) =>
        exception switch
        {
            AuthenticationFailedException => new TargetDeniedException(
                $"the credentials of Azure's tools were not accepted. {HowToGive}"
            ),
            RequestFailedException e when IsFromS3(e) => base.Describe(exception),
            RequestFailedException e when IsAnonymous && IsAnonymousDenial(e) => new TargetDeniedException(
                $"no credentials were found, and without them access was denied, or the container '{_container}' is missing "
                    + $"({Named(e)}). {HowToGive}{EndpointHint}"
            ),
            RequestFailedException { ErrorCode: "ContainerNotFound" or "ResourceNotFound" } => Refused(
                $"there is no container '{_container}' in the account '{_account}'.{EndpointHint}"
            ),
            RequestFailedException { ErrorCode: "BlobArchived" } e => Refused(
                $"the blob is archived ({Named(e)}). Restore it with the service's own tools first."
            ),
            RequestFailedException { Status: (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized } e =>
                new TargetDeniedException(
                    SasEnd < DateTimeOffset.UtcNow
                        ? $"the credentials have expired ({Named(e)}): the SAS ended at {SasEnd:u}. {HowToGive}"
                        : $"access was denied ({Named(e)}). The user needs the role 'Storage Blob Data Reader' on the container "
                            + $"'{_container}', a valid key of the account '{_account}', or a SAS with the permissions read and list. "
                            + $"{HowToGive}{EndpointHint}"
                ),
            _ => base.Describe(exception),
        };

    // Without credentials, services answer in several ways.
    private static bool IsAnonymousDenial(RequestFailedException e) =>
        e.Status is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.Unauthorized
        || e.ErrorCode is "PublicAccessNotPermitted" or "ResourceNotFound";

    private static bool IsFromS3(RequestFailedException e) =>
        e.GetRawResponse()?.Headers.Contains("x-amz-request-id") == true;
}

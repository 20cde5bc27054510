using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Internal;
using Amazon.S3;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Translates S3's errors, without their secrets.</summary>
internal class S3Errors(string bucket) : BucketErrors
{
    private const string WhereCredentialsAre =
        "-Credential of New-ArtifactStore and Register-ArtifactStore (user name: access key id, password: secret access key), "
        + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile of AWS's tools (option profile, or AWS_PROFILE), "
        + "a web identity token, and the role of the container or machine";

    /// <summary>Whether a key is missing. False if the bucket is missing.</summary>
    public bool IsNoKey(AmazonS3Exception e) =>
        e.StatusCode == HttpStatusCode.NotFound
        && e.ErrorCode is not ("NoSuchBucket" or "NoSuchUpload")
        && !IsFromAzure(e);

    /// <summary>Whether an upload in parts is unknown.</summary>
    public static bool IsNoUpload(AmazonS3Exception e) => e.ErrorCode == "NoSuchUpload";

    /// <inheritdoc/>
    protected override Exception Describe(Exception exception) =>
        exception switch
        {
            AmazonServiceException e when IsFromAzure(e) => Refused(
                $"the service at the endpoint is not S3 but Azure Blob Storage ({Named(e)}). Use a location az://account/container, or "
                    + "correct the option endpoint."
            ),
            AmazonS3Exception e => FromService(e),
            AmazonServiceException e when e.StatusCode is not 0 => FromService(e),
            ProfileNotFoundException => Refused(
                "AWS_PROFILE names a profile that is neither in the credentials file nor in the configuration file of AWS's tools."
            ),
            ProcessAWSCredentialException => Refused(
                "the profile's credential_process gave no credentials. Run it by itself to see why."
            ),
            AmazonClientException e when e.Message.IndexOf("SSO", StringComparison.Ordinal) >= 0 => Refused(
                "the profile's login has expired or there was none. Log in with: aws sso login"
            ),
            AmazonClientException e when IsAboutCredentials(e) => NoCredentials(),
            AmazonClientException e when e.Message.IndexOf("Region", StringComparison.OrdinalIgnoreCase) >= 0 =>
                NoRegion(),
            _ => BucketException.Unreached(exception),
        };

    private BucketException FromService(AmazonServiceException e) =>
        e.ErrorCode switch
        {
            "NoSuchBucket" => Refused($"there is no bucket '{bucket}'. Make it with the service's own tools."),
            "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => Refused(
                $"access was denied ({Named(e)}). The user needs s3:GetObject, s3:PutObject, "
                    + "s3:DeleteObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts on the prefix, and s3:ListBucket "
                    + $"and s3:ListBucketMultipartUploads on the bucket '{bucket}'."
            ),
            "InvalidAccessKeyId"
            or "SignatureDoesNotMatch"
            or "InvalidToken"
            or "ExpiredToken"
            or "TokenRefreshRequired" => Refused(
                $"the credentials were not accepted ({Named(e)}). They were looked for, in this order, in: {WhereCredentialsAre}."
            ),
            "RequestTimeTooSkewed" or "RequestExpired" => Refused(
                $"this machine's clock and the service's differ too much ({Named(e)}). Set the clock."
            ),
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => Elsewhere(
                e
            ),
            "QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" or "ServiceQuotaExceeded" =>
                new BucketException(BucketFailure.Full, $"the service says so ({Named(e)})."),
            "NotImplemented" => Refused($"the service can't do what a store needs ({Named(e)})."),
            "EntityTooLarge" or "EntityTooSmall" => Refused(
                $"the service takes no part of this size ({Named(e)}). The option partSize, in MiB, changes it."
            ),
            "RequestTimeout" or "RequestTimeoutException" => Unanswered(e),
            _ => e.StatusCode switch
            {
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => Refused(
                    $"access was denied ({Named(e)}). The credentials, the permissions on the bucket '{bucket}' and this "
                        + $"machine's clock must be right. Credentials are looked for, in this order, in: {WhereCredentialsAre}."
                ),
                HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect => Elsewhere(e),
                (HttpStatusCode)507 => new BucketException(BucketFailure.Full, $"the service says so ({Named(e)})."),
                0 => BucketException.Unreached(e),
                not HttpStatusCode.NotImplemented and var status when HttpStatus.IsTransient(status) => Unanswered(e),
                _ => Refused($"the service refused a request ({Named(e)})."),
            },
        };

    /// <summary>Describes that the bucket is in another region.</summary>
    protected virtual BucketException Elsewhere(AmazonServiceException e) =>
        Refused(
            $"the bucket '{bucket}' is in another region ({Named(e)}). Name its region in the location: ?region={RegionOf(e) ?? "…"}"
        );

    /// <summary>Region of the bucket in the service's answer; null if the answer names none.</summary>
    // Checked before it is used or shown, because it comes from the service.
    public static string? RegionOf(AmazonServiceException e) =>
        (e.InnerException as HttpErrorResponseException)?.Response?.GetHeaderValue("x-amz-bucket-region")
            is { Length: > 0 and < 64 } name
        && name.All(IsOfRegion)
            ? name
            : null;

    private static bool IsOfRegion(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';

    private static bool IsAboutCredentials(AmazonClientException e) =>
        e.Message.IndexOf("credentials", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>No region was found.</summary>
    public static BucketException NoRegion() =>
        Refused("no region is known. Name it in the location, ?region=eu-central-1, or in AWS_REGION.");

    /// <summary>No credentials were found.</summary>
    public static BucketException NoCredentials() =>
        Refused($"no credentials were found. They were looked for, in this order, in: {WhereCredentialsAre}.");

    /// <summary>Whether the service is Azure Blob Storage.</summary>
    // Refusals of malformed requests have the name of the server only.
    public static bool IsFromAzure(AmazonServiceException e) =>
        (e.InnerException as HttpErrorResponseException)?.Response is { } answer
        && (
            answer.IsHeaderPresent("x-ms-request-id")
            || (
                answer.GetHeaderValue("Server") is { } server
                && (
                    server.StartsWith("Windows-Azure-Blob", StringComparison.OrdinalIgnoreCase)
                    || server.StartsWith("Azurite-Blob", StringComparison.OrdinalIgnoreCase)
                )
            )
        );

    private static BucketException Unanswered(AmazonServiceException e) =>
        new(BucketFailure.Unanswered, $"the service couldn't answer ({Named(e)}).");

    /// <summary>Names an error. Leaves out the service's message, which may quote the request.</summary>
    protected static string Named(AmazonServiceException e)
    {
        var name = e.ErrorCode is { Length: > 0 } code
            ? $"{code}, status {(int)e.StatusCode}"
            : $"status {(int)e.StatusCode}";
        return e.RequestId is { Length: > 0 } id ? $"{name}, request {id}" : name;
    }
}

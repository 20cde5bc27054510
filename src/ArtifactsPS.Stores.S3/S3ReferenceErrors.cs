using System.Net;
using Amazon.Runtime;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Translates S3's errors about targets of references, without their secrets.</summary>
internal sealed class S3ReferenceErrors(string bucket) : S3Errors(bucket)
{
    private const string HowToGive =
        "Give credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in a profile of AWS's tools (AWS_PROFILE), or register a "
        + "store in this bucket with -Credential.";

    private readonly string _bucket = bucket;

    /// <summary>Whether requests have no credentials.</summary>
    public bool IsAnonymous { get; set; }

    /// <inheritdoc/>
    protected override Exception Describe(Exception exception) =>
        exception is not AmazonServiceException e || IsFromAzure(e) ? base.Describe(exception)
        : e.ErrorCode == "InvalidObjectState"
            ? Refused($"the object is archived ({Named(e)}). Restore it with the service's own tools first.")
        : e.ErrorCode == "NoSuchBucket" ? Refused($"there is no bucket '{_bucket}'.")
        : IsAboutClock(e) ? base.Describe(exception)
        : IsAboutIdentity(e)
            ? new TargetDeniedException(
                $"the credentials were not accepted ({Named(e)}): they are wrong or have expired. {HowToGive}"
            )
        : e.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) ? base.Describe(exception)
        : IsAnonymous
            ? new TargetDeniedException(
                $"no credentials were found, and without them access was denied ({Named(e)}). {HowToGive}"
            )
        : new TargetDeniedException(
            $"access was denied ({Named(e)}). The user needs s3:GetObject on the object, s3:GetObjectVersion for an exact "
                + $"version, and s3:ListBucket on the bucket '{_bucket}'. Without s3:ListBucket, this is also the answer for a "
                + "missing object."
        );

    /// <inheritdoc/>
    protected override BucketException Elsewhere(AmazonServiceException e) =>
        Refused(
            $"the bucket '{_bucket}' is in another region ({Named(e)}). Set AWS_REGION to {RegionOf(e) ?? "the bucket's region"}."
        );

    private static bool IsAboutClock(AmazonServiceException e) =>
        e.ErrorCode is "RequestTimeTooSkewed" or "RequestExpired";

    private static bool IsAboutIdentity(AmazonServiceException e) =>
        e.ErrorCode
            is "InvalidAccessKeyId"
                or "SignatureDoesNotMatch"
                or "InvalidToken"
                or "ExpiredToken"
                or "TokenRefreshRequired";
}

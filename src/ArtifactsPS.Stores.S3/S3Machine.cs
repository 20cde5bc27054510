using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Util;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Decides whether the metadata service of the machine is needed for credentials or a region, and whether it answers.</summary>
internal static class S3Machine
{
    /// <summary>Whether only the machine may have credentials.</summary>
    public static bool IsLastToHaveCredentials() =>
        !(Has("AWS_ACCESS_KEY_ID") && Has("AWS_SECRET_ACCESS_KEY"))
        && !(Has("AWS_WEB_IDENTITY_TOKEN_FILE") && Has("AWS_ROLE_ARN"))
        && !Has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        && !Has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        // A missing profile is reported as such.
        && !Has("AWS_PROFILE")
        && !new CredentialProfileStoreChain().TryGetAWSCredentials("default", out _);

    /// <summary>Whether only the machine may have a region.</summary>
    public static bool IsLastToHaveRegion() => FallbackRegionFactory.GetRegionEndpoint(false) is null;

    /// <summary>Whether the metadata service answers, with tokens (version 2) or without (version 1).</summary>
    public static async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (!EC2InstanceMetadata.IsIMDSEnabled)
            return false;
        using var token = new HttpRequestMessage(HttpMethod.Put, EC2InstanceMetadata.EC2ApiTokenUrl);
        token.Headers.Add("x-aws-ec2-metadata-token-ttl-seconds", "60");
        using var role = new HttpRequestMessage(
            HttpMethod.Get,
            $"{EC2InstanceMetadata.EC2MetadataRoot}/iam/security-credentials/"
        );
        var answers = await Task.WhenAll(
                MachineMetadata.AskAsync(token, cancellationToken),
                MachineMetadata.AskAsync(role, cancellationToken)
            )
            .ConfigureAwait(false);
        return answers.Contains(HttpStatusCode.OK);
    }

    private static bool Has(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}

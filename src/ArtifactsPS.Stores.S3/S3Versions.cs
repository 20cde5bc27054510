using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactsPS.Stores.S3;

/// <summary>Older versions of keys, which a bucket keeps once versioning is switched on. Ceph then ignores If-None-Match.</summary>
internal static class S3Versions
{
    /// <summary>Version of keys in a bucket without versioning.</summary>
    public const string NoVersion = "null";

    /// <summary>Whether the service is known to honour If-None-Match always: AWS itself.</summary>
    public static bool IsSafe(IAmazonS3 client) => client.Config.ServiceURL is null;

    /// <summary>Deletes a version that was created although the key existed. The older version is current again.</summary>
    /// <param name="version">The version; null without versioning.</param>
    /// <returns>Whether the key had existed.</returns>
    public static async Task<bool> WithdrawAsync(
        IAmazonS3 client,
        string bucket,
        string key,
        string? version,
        CancellationToken cancellationToken
    )
    {
        if (version is null or "" or NoVersion)
            return false;
        var request = new ListVersionsRequest { BucketName = bucket, Prefix = key };
        var page = await client.ListVersionsAsync(request, cancellationToken).ConfigureAwait(false);
        // Newest first.
        var older = (page.Versions ?? [])
            .Where(found => found.Key == key)
            .SkipWhile(found => found.VersionId != version)
            .Skip(1)
            .FirstOrDefault();
        if (older is null || older.IsDeleteMarker == true)
            return false;
        var deletion = new DeleteObjectRequest
        {
            BucketName = bucket,
            Key = key,
            VersionId = version,
        };
        await client.DeleteObjectAsync(deletion, cancellationToken).ConfigureAwait(false);
        return true;
    }
}

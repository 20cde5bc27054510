using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Received parts of an upload.</summary>
internal static class S3Parts
{
    /// <summary>Lists the parts of an upload; null if the upload is unknown.</summary>
    public static async Task<List<PartDetail>?> ListAsync(
        IAmazonS3 client,
        string bucket,
        MultipartUpload upload,
        CancellationToken cancellationToken
    )
    {
        var parts = new List<PartDetail>();
        string? marker = null;
        do
        {
            var request = new ListPartsRequest
            {
                BucketName = bucket,
                Key = upload.Key,
                UploadId = upload.UploadId,
                PartNumberMarker = marker,
            };
            ListPartsResponse page;
            try
            {
                page = await client.ListPartsAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (S3Errors.IsNoUpload(e))
            {
                return null;
            }
            parts.AddRange(page.Parts ?? []);
            marker =
                page.IsTruncated == true ? page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture) : null;
        } while (marker is not null);
        return parts;
    }

    /// <summary>Describes the parts of an upload for Core.</summary>
    public static BucketParts Of(string upload, IEnumerable<PartDetail> parts) =>
        new()
        {
            Upload = upload,
            Parts = parts
                .Where(part => part.PartNumber is not null && part.ETag is not null)
                .ToDictionary(
                    part => part.PartNumber!.Value,
                    part => new BucketPart { Length = part.Size ?? 0, Id = part.ETag }
                ),
        };

    /// <summary>Whether a part has the given bytes. The ETag of a part is its MD5, unless the service encrypts it with a key of its
    /// own; then the part is sent again.</summary>
    public static bool HasBytes(BucketPart part, Stream bytes)
    {
#pragma warning disable CA5351 // The service chooses the hash. It detects accidents only; the digest of the whole value detects the rest.
        using var hash = MD5.Create();
#pragma warning restore CA5351
        var hex = BitConverter.ToString(hash.ComputeHash(bytes)).Replace("-", "");
        return string.Equals(part.Id.Trim('"'), hex, StringComparison.OrdinalIgnoreCase);
    }
}

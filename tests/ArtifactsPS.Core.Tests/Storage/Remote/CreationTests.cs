using System.Text;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>Requests after a key was created.</summary>
public sealed class CreationTests
{
    [Theory]
    [InlineData(BucketPutResult.Created, 0)]
    [InlineData(BucketPutResult.CreatedVersion, 1)]
    public async Task Record_is_read_back_only_in_versioned_bucket(BucketPutResult result, int expected)
    {
        using var bucket = new ScriptedBucket((_, _) => Task.FromResult<BucketKey?>(null)) { Put = result };
        using var store = new BucketObjectStore(bucket, "scripted", "");

        Assert.True(await store.TryCreateAsync("record", Encoding.UTF8.GetBytes("value"), Token));

        Assert.Equal(expected, bucket.Confirmations);
        Assert.Equal(0, bucket.Requests);
    }
}

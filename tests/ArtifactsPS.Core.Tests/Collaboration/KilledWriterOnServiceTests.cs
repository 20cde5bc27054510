namespace ArtifactsPS.Tests;

public sealed class KilledWriterOnS3Tests() : KilledWriterOnServiceTests(Service.S3);

public sealed class KilledWriterOnAzureTests() : KilledWriterOnServiceTests(Service.Azure);

/// <summary>The same in a bucket of a real server, at some of the points.</summary>
public abstract class KilledWriterOnServiceTests(Service service) : KilledWriterTests
{
    // Prime to what a writer asks per step of its work.
    private protected override int Step => 5;

    private protected override async Task<IObjectStore> OpenAsync(string name) =>
        await RemoteBuckets.OpenAsync(service);

    private protected override async Task CopyAsync(IObjectStore from, IObjectStore to)
    {
        await foreach (var key in from.ListAsync("", Token))
        {
            using var stream = (await from.OpenReadAsync(key.Key, 0, null, Token))!;
            using var value = new MemoryStream();
            await stream.CopyToAsync(value, Token);
            await to.TryCreateAsync(key.Key, value.ToArray(), Token);
        }
    }
}

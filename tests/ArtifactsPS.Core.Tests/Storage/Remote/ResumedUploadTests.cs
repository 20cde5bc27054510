using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class ResumedS3UploadTests() : ResumedUploadTests(Service.S3)
{
    // Azure's blocks are named by their bytes.
    [Fact]
    public Task Parts_that_service_does_not_show_are_not_sent_again() => AssertHiddenPartsAreReusedAsync();
}

public sealed class ResumedAzureUploadTests() : ResumedUploadTests(Service.Azure);

/// <summary>Uploads that a killed process left unfinished.</summary>
public abstract class ResumedUploadTests(Service service)
{
    private const int PartSize = 5 << 20;
    private const int Parts = 4;
    private const int Length = (Parts - 1) * PartSize + 1000;

    private readonly byte[] _value = RandomNumberGenerator.GetBytes(Length);
    private readonly ConcurrentQueue<string> _sent = new();

    private string Key => StoreLayout.ObjectKey(Sha256.Of(_value));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Received_parts_are_not_sent_again(bool isStaged)
    {
        using var direct = await OpenAsync();
        await LeaveAsync(direct, part => PartOf(part), 1, 3);
        await UploadAsync(direct, isStaged);
        Assert.Equal(Parts - 2, _sent.Count);
        await AssertStoredAsync(direct);
    }

    protected async Task AssertHiddenPartsAreReusedAsync()
    {
        using var direct = await OpenAsync();
        using var hiding = Hiding(direct.Bucket, direct.Location);
        // Parts 1 and 3 of a process that is then killed.
        var transfers = new SemaphoreSlim(Parts);
        var requests = new BucketRequests(hiding.Location, new RequestLimits());
        var upload = new PartsUpload(hiding.Bucket, requests, transfers, hiding.Location, Token)
        {
            Key = StoreAddress.Parse(direct.Location).PrefixAfter(service == Service.S3 ? 0 : 1) + Key,
            Writer = "killed",
        };
        await upload.BeginAsync(resumes: true);
        for (var part = 1; part < Parts; part++)
        {
            await transfers.WaitAsync(Token);
            var bytes = part == 2 ? new byte[PartSize] : PartOf(part);
            upload.Send(bytes.Length, () => new MemoryStream(bytes));
        }
        for (var i = 0; i < Parts; i++)
            await transfers.WaitAsync(Token);

        using var proxy = new FaultProxy(await RemoteBuckets.PortAsync(service), Observe);
        using var store = Hiding(RemoteBuckets.Through(proxy, direct).Bucket, direct.Location);
        using var source = new MemoryStream(_value);
        await store.UploadAsync(Key, (buffer, token) => source.ReadAsync(buffer, token), Token);
        Assert.Equal(Parts - 2, _sent.Count);
        await AssertStoredAsync(direct);
    }

    [Fact]
    public async Task Parts_with_other_bytes_are_sent_again()
    {
        using var direct = await OpenAsync();
        // Parts of a file that changed while it was sent, and a part that is too long.
        await LeaveAsync(direct, part => part == 2 ? new byte[PartSize] : PartOf(part), 1, 2);
        await LeaveAsync(direct, _ => new byte[PartSize + 1], 3);
        await UploadAsync(direct, isStaged: false);
        Assert.InRange(_sent.Count, Parts - 1, Parts);
        await AssertStoredAsync(direct);
    }

    [Fact]
    public async Task Concurrent_uploads_of_one_object_both_succeed()
    {
        using var direct = await OpenAsync();
        await LeaveAsync(direct, part => PartOf(part), 1);
        await Task.WhenAll(UploadAsync(direct, isStaged: false), UploadAsync(direct, isStaged: false));
        await AssertStoredAsync(direct);
    }

    private BucketObjectStore Hiding(IBucket bucket, string location)
    {
        var hiding = DispatchProxy.Create<IBucket, HidingBucket>();
        ((HidingBucket)(object)hiding).Inner = bucket;
        var address = StoreAddress.Parse(location);
        return new BucketObjectStore(hiding, location, address.PrefixAfter(service == Service.S3 ? 0 : 1));
    }

    // Does not recognize the bytes of parts, as S3 with SSE-KMS.
    internal class HidingBucket : DispatchProxy
    {
        public IBucket? Inner { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name switch
            {
                nameof(IBucket.HasBytes) => false,
                "get_" + nameof(IBucket.Limits) => new BucketLimits
                {
                    LargestPut = Inner!.Limits.LargestPut,
                    LargestCopy = Inner.Limits.LargestCopy,
                    PartSize = Inner.Limits.PartSize,
                    Parts = Inner.Limits.Parts,
                },
                _ => targetMethod.Invoke(Inner, args),
            };
    }

    private async Task<BucketObjectStore> OpenAsync() => await RemoteBuckets.OpenAsync(service, options: "&partSize=5");

    private byte[] PartOf(int number) => [.. _value.Skip((number - 1) * PartSize).Take(PartSize)];

    // As a killed process does.
    private async Task LeaveAsync(BucketObjectStore store, Func<int, byte[]> bytes, params int[] numbers)
    {
        var key = StoreAddress.Parse(store.Location).PrefixAfter(service == Service.S3 ? 0 : 1) + Key;
        var upload = await store.Bucket.BeginPartsAsync(key, "killed", Token);
        foreach (var number in numbers)
        {
            using var part = new MemoryStream(bytes(number));
            await store.Bucket.PutPartAsync(key, upload, number, part, Token);
        }
    }

    private async Task UploadAsync(BucketObjectStore direct, bool isStaged)
    {
        using var proxy = new FaultProxy(await RemoteBuckets.PortAsync(service), Observe);
        using var store = RemoteBuckets.Through(proxy, direct);
        if (isStaged)
        {
            await using var staged = await store.StageAsync(Token);
            await staged.WriteAsync(_value, Token);
            await staged.CommitAsync(Key, Token);
            return;
        }
        using var source = new MemoryStream(_value);
        await store.UploadAsync(Key, (buffer, token) => source.ReadAsync(buffer, token), Token);
    }

    private Fault Observe(ProxiedRequest request)
    {
        if (
            request.Method == "PUT"
            && (
                request.Target.Contains("partNumber=", StringComparison.Ordinal)
                || request.Target.Contains("comp=block&", StringComparison.Ordinal)
            )
        )
            _sent.Enqueue(request.Target);
        return Fault.None;
    }

    private async Task AssertStoredAsync(BucketObjectStore store)
    {
        using var stream = await store.OpenReadAsync(Key, 0, null, Token);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read, Token);
        Assert.True(read.ToArray().AsSpan().SequenceEqual(_value));
        await RemoteBuckets.EmptyAsync(store);
    }
}

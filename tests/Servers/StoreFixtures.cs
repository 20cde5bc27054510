using System.Net;

namespace ArtifactsPS.Tests.Servers;

/// <summary>Empty places for stores of one kind. The conformance suite and the tests of the cmdlets run on each.</summary>
internal interface IStoreFixture
{
    /// <summary>Scheme of the locations; empty for folders.</summary>
    string Scheme { get; }

    /// <summary>Reason why tests of this kind are skipped on this machine; null when they run.</summary>
    string? SkipReason { get; }

    /// <summary>Credential for the places; null when none is needed.</summary>
    NetworkCredential? Credential { get; }

    /// <summary>Returns the location of an empty place. Starts the server if there is one.</summary>
    Task<string> CreateLocationAsync();
}

/// <summary>The fixtures of all kinds of store. A new kind adds its own to <see cref="All"/>.</summary>
public static class StoreFixtures
{
    internal static readonly IStoreFixture S3 = new S3StoreFixture();
    internal static readonly IStoreFixture Azure = new AzureStoreFixture();

    /// <summary>All fixtures.</summary>
    internal static IReadOnlyList<IStoreFixture> All { get; } =
    [new FolderStoreFixture(), new MemoryStoreFixture(), S3, Azure];

    /// <summary>Schemes of the kinds that are installed with the module.</summary>
    public static TheoryData<string> Remote => [S3.Scheme, Azure.Scheme];

    /// <summary>Finds the fixture of a scheme.</summary>
    internal static IStoreFixture Of(string scheme) => All.Single(fixture => fixture.Scheme == scheme);
}

internal sealed class FolderStoreFixture : IStoreFixture
{
    public string Scheme => "";

    public string? SkipReason => null;

    public NetworkCredential? Credential => null;

    public Task<string> CreateLocationAsync() =>
        Task.FromResult(Directory.CreateTempSubdirectory("store [1] ").FullName);
}

internal sealed class MemoryStoreFixture : IStoreFixture
{
    public string Scheme => "memory";

    public string? SkipReason => null;

    public NetworkCredential? Credential => null;

    public Task<string> CreateLocationAsync() => Task.FromResult($"memory://{Guid.NewGuid():N}");
}

/// <summary>Prefixes in a bucket of Ceph's S3 gateway.</summary>
internal sealed class S3StoreFixture : IStoreFixture
{
    public string Scheme => "s3";

    public string? SkipReason => RadosGateway.Missing;

    public NetworkCredential? Credential { get; } = new(RadosGateway.AccessKey, RadosGateway.SecretKey);

    public async Task<string> CreateLocationAsync() =>
        $"s3://{RadosGateway.Bucket}/{Guid.NewGuid():N}?endpoint={(await TestServers.S3Async()).Endpoint()}";
}

/// <summary>Prefixes in a container of Azurite.</summary>
internal sealed class AzureStoreFixture : IStoreFixture
{
    public string Scheme => "az";

    public string? SkipReason => Azurite.Missing(TestServers.Repository);

    public NetworkCredential? Credential { get; } = new(Azurite.Account, Azurite.Key);

    public async Task<string> CreateLocationAsync() =>
        $"az://{Azurite.Account}/{Azurite.Container}/{Guid.NewGuid():N}"
        + $"?apiVersion={Azurite.ApiVersion}&endpoint={(await TestServers.AzureAsync()).Endpoint()}";
}

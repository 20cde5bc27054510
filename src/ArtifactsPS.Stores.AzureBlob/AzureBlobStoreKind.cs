using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Stores in Azure Blob Storage, at <c>az://account/container/prefix</c>; targets of references at
/// <c>az://account/container/name</c>.</summary>
public sealed class AzureBlobStoreKind : IStoreKind, IReferenceKind
{
    private const string PartSize = "partSize";
    private const int DefaultPartSize = 8;
    private const int LongestName = 63;

    /// <inheritdoc/>
    public IObjectStore Open(StoreAddress address, StoreAccess access)
    {
        if (address.Segments.Count == 0)
            throw address.Invalid("the name of the container is missing: az://account/container/prefix");
        var limits = new BucketLimits
        {
            LargestPut = 5000L << 20,
            LargestCopy = 256 << 20,
            PartSize = (address.NumberOf(PartSize) ?? DefaultPartSize) << 20,
            Parts = 50_000,
            ShowsParts = true,
        };
        var errors = new AzureErrors(address, address.Segments[0]);
        try
        {
            var (container, source) = AzureContainers.ForStore(address, access.Credential, errors);
            var bucket = new AzureBucket(container, source, limits, errors);
            return new BucketObjectStore(bucket, address.ToString(), address.PrefixAfter(1), access.LimitsFor(address));
        }
        catch (BucketException e)
        {
            throw new StoreUnavailableException(address.ToString(), e.Message, e.InnerException);
        }
    }

    /// <inheritdoc/>
    public IReferenceSource OpenReferences(string uri, StoreAccess access)
    {
        var (account, container) = PlaceOf(uri);
        var address = StoreAddress.Parse($"az://{account}");
        if (access.Neighbour is { } neighbour)
            address = address.With(neighbour.Options);
        return new AzureReferenceSource(new AzureReferenceClient(address, container, access.Credential));
    }

    /// <inheritdoc/>
    public string ServiceOf(string uri)
    {
        var (account, container) = PlaceOf(uri);
        return $"{account}/{container}";
    }

    // The name of the account becomes a part of the server's name.
    private static (string Account, string Container) PlaceOf(string uri)
    {
        var parsed = BucketUri.Parse(uri);
        return
            parsed.Deeper()?.Root.Split('/') is [var account, var container]
            && IsAccount(account)
            && IsContainer(container)
            ? (account, container)
            : throw new InvalidReferenceException(
                uri,
                "Use the form az://account/container/name. The name of an account has lower-case letters, digits and '-', and so has "
                    + "that of a container"
            );
    }

    private static bool IsAccount(string name) => name.Length is > 0 and <= LongestName && name.All(IsNameLetter);

    // Containers of the service itself begin with a dollar sign.
    private static bool IsContainer(string name) =>
        name.Length <= LongestName && name.TrimStart('$') is { Length: > 0 } rest && rest.All(IsNameLetter);

    private static bool IsNameLetter(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-';
}

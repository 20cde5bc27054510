using System.Net;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>What an assembly has that brings a kind of store: one public type that implements this and can be made without
/// arguments.</summary>
/// <remarks>Only types of the framework cross between it and Core, so that each may have its own packages.</remarks>
public interface IStoreKind
{
    /// <summary>The first part of its locations, in lower case: <c>s3</c>.</summary>
    string Scheme { get; }

    /// <summary>The options that its locations may have.</summary>
    IReadOnlyCollection<string> Options { get; }

    /// <summary>The environment variables that decide who it is to the service. Another value means another connection.</summary>
    IReadOnlyCollection<string> Variables { get; }

    /// <summary>Makes what calls the service; calls nothing yet.</summary>
    /// <param name="address">Where the store is; its options are known ones.</param>
    /// <param name="credential">Given by the user for this session; null for what the service's own tools would find.</param>
    /// <exception cref="InvalidStoreLocationException">The address, or an option, isn't one of this kind.</exception>
    /// <exception cref="BucketException">Nothing says who the user is to the service.</exception>
    /// <returns>The service, and what all keys begin with: empty, or ending in <c>/</c>.</returns>
    (IBucket Bucket, string Prefix) Open(StoreAddress address, NetworkCredential? credential);
}

using System.Net;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Core.Storage.Kinds;

/// <summary>
/// A kind of store, such as the buckets of a service. Its assembly has one public type that implements this and has a
/// constructor without parameters. Beside the assembly, <c>store.json</c> describes the kind: see
/// <see cref="StoreKindDescription"/>.
/// </summary>
/// <remarks>Only types of the framework and of Core cross between the assembly and Core, so that each assembly may have
/// packages of its own.</remarks>
public interface IStoreKind
{
    /// <summary>Opens the place that an address names, whether or not it has a store. Sends no request yet.</summary>
    /// <param name="address">The address. Its options are described ones and have valid values.</param>
    /// <param name="access">Credential and time limit.</param>
    /// <exception cref="InvalidStoreLocationException">The address, or an option, is invalid for this kind.</exception>
    /// <exception cref="StoreUnavailableException">No credentials were found.</exception>
    IObjectStore Open(StoreAddress address, StoreAccess access);
}

/// <summary>How the user reaches a store.</summary>
public sealed class StoreAccess
{
    /// <summary>Credential that the user gave for this session; null for the one that the service's own tools find.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Address of a store of the user in the same place, for a source of references: its options apply. Null for
    /// none.</summary>
    public StoreAddress? Neighbour { get; init; }

    /// <summary>Time without progress after which a request fails; null for the default.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Time for which unanswered requests are sent again; null for the option of the address, or the default.</summary>
    public TimeSpan? RetryLimit { get; init; }

    /// <summary>Clock of all time limits.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Time limits of requests to an address.</summary>
    public RequestLimits LimitsFor(StoreAddress address) =>
        new()
        {
            Time = Time,
            Progress = TimeLimit ?? RequestLimits.DefaultProgress,
            Retry =
                RetryLimit
                ?? (
                    address.NumberOf(RequestLimits.RetryOption) is { } seconds
                        ? TimeSpan.FromSeconds(seconds)
                        : RequestLimits.DefaultRetry
                ),
        };
}

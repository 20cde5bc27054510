using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>There is no store at a location.</summary>
public sealed class StoreNotFoundException(string location)
    : ArtifactsException(
        $"There is no artifact store at '{location}'. Make one with: New-ArtifactStore -Location '{location}'",
        location
    )
{
    public override string ErrorId => "StoreNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The medium below a store failed or refused: I/O, access, network.</summary>
public sealed class StoreUnavailableException(string location, string what, Exception? inner = null)
    : ArtifactsException($"The artifact store '{location}' can't be used: {what}", location, inner)
{
    public override string ErrorId => "StoreUnavailable";

    public override ErrorKind Kind => ErrorKind.ResourceUnavailable;
}

/// <summary>The medium below a store has no room left.</summary>
/// <param name="location">The store's.</param>
/// <param name="inner">What says so.</param>
/// <param name="what">What a service said, with a full stop.</param>
public sealed class StoreFullException(string location, Exception? inner = null, string? what = null)
    : ArtifactsException(
        $"The artifact store '{location}' has no room left{(what is null ? ". Free some" : $": {what} Raise its quota or free some there")} "
            + "and run the command again; what was published before is unharmed.",
        location,
        inner
    )
{
    public override string ErrorId => "StoreFull";

    public override ErrorKind Kind => ErrorKind.WriteError;
}

/// <summary>A text isn't the location of a store, or one that must not be kept. Neither it nor what may be secret in it is shown.</summary>
/// <param name="safe">The location without what may be secret.</param>
/// <param name="what">What is wrong or needed, without a full stop.</param>
public sealed class InvalidStoreLocationException(string safe, string what)
    : ArtifactsException($"'{safe}' can't be the location of a store: {what}.", safe)
{
    public override string ErrorId => "InvalidStoreLocation";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    public override bool HidesItem => true;
}

/// <summary>A service can't be a store: it doesn't keep who was first.</summary>
public sealed class StoreNotSupportedException(string location, string what)
    : ArtifactsException(
        $"'{location}' can't be an artifact store: {what} Two writers could overwrite each other there without noticing. "
            + "Use a service that honours 'If-None-Match: *' on PUT, or a newer version of this one.",
        location
    )
{
    public override string ErrorId => "StoreNotSupported";

    public override ErrorKind Kind => ErrorKind.NotImplemented;
}

/// <summary>The store was written by a version of the module whose format this one doesn't read.</summary>
public sealed class StoreFormatNotSupportedException(string location, string what)
    : ArtifactsException(
        $"The artifact store '{location}' can't be read by this version of the module: {what}. Update the module.",
        location
    )
{
    public override string ErrorId => "StoreFormatNotSupported";

    public override ErrorKind Kind => ErrorKind.NotImplemented;
}

/// <summary>Bytes that the store should have can't be had from it: they are missing, or not as they were written.</summary>
public abstract class ObjectLostException(string message, string key) : ArtifactsException(message, key);

/// <summary>Something that a version needs is not in the store any more.</summary>
public sealed class ObjectMissingException(string location, string key)
    : ObjectLostException(
        $"'{key}' is missing in the artifact store '{location}'. Restore it from a copy of the store; "
            + "or run Repair-ArtifactStore, add the files again and publish.",
        key
    )
{
    public override string ErrorId => "ObjectMissing";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>Content that was about to be relied on was deleted by a clean-up, since nothing that was published needed it.</summary>
public sealed class ObjectCleanedUpException(string location, string key)
    : ArtifactsException(
        $"'{key}' was cleaned up in the artifact store '{location}' before what needs it was published. Nothing was published. "
            + "Begin the draft anew, add the files again and publish.",
        key
    )
{
    public override string ErrorId => "ObjectCleanedUp";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>Bytes in the store are not what they were when they were written.</summary>
public sealed class ObjectCorruptException(string location, string key, string what)
    : ObjectLostException(
        $"'{key}' is damaged in the artifact store '{location}': {what}. Nothing of it was delivered. "
            + "Restore it from a copy of the store; or run Repair-ArtifactStore -Full, add the files again and publish.",
        key
    )
{
    public override string ErrorId => "ObjectCorrupt";

    public override ErrorKind Kind => ErrorKind.InvalidData;

    /// <summary>What is wrong with it, in words without a full stop.</summary>
    public string Fault { get; } = what;
}

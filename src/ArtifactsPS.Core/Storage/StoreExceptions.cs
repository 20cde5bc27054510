using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>A location has no store.</summary>
public sealed class StoreNotFoundException : ArtifactsException
{
    public StoreNotFoundException(string location)
        : base(
            $"There is no artifact store at '{location}'. Create one with: New-ArtifactStore -Location '{location}'",
            location
        ) { }

    private StoreNotFoundException(string message, string item, Exception? inner)
        : base(message, item, inner) { }

    /// <summary>Creates the exception for a text that is neither the name of a registered store nor a folder.</summary>
    /// <param name="location">Folder that the text could mean.</param>
    /// <param name="nearest">The registered name that was most likely meant; null if none is similar.</param>
    public static StoreNotFoundException OfName(string name, string location, string? nearest, Exception inner) =>
        new(
            $"No store is registered as '{name}', and there is none at '{location}'.{NearestName.Hint(nearest)} "
                + "Get-ArtifactStore lists the registered stores; New-ArtifactStore creates one.",
            name,
            inner
        );

    public override string ErrorId => "StoreNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The medium of a store failed or refused access: I/O, permissions, network.</summary>
public sealed class StoreUnavailableException(string location, string what, Exception? inner = null)
    : ArtifactsException($"The artifact store '{location}' can't be used: {what}", location, inner)
{
    public override string ErrorId => "StoreUnavailable";

    public override ErrorKind Kind => ErrorKind.ResourceUnavailable;
}

/// <summary>The medium of a store is full.</summary>
/// <param name="what">The service's reason, with a full stop; null for a file system.</param>
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

/// <summary>A file would be larger than the file system of a store, or a limit of this process, allows.</summary>
public sealed class StoreFileTooLargeException(string location, Exception inner)
    : ArtifactsException(
        $"The artifact store '{location}' can't have a file of this size. Its file system (4 GiB on FAT) or the limit of this "
            + "process (ulimit -f) is too small. Use another file system or raise the limit, and run the command again; "
            + "what was published before is unharmed.",
        location,
        inner
    )
{
    public override string ErrorId => "StoreFileTooLarge";

    public override ErrorKind Kind => ErrorKind.LimitsExceeded;
}

/// <summary>A text is not a valid location of a store, or has a secret. The message shows only the part without secrets.</summary>
/// <param name="safe">The location without the parts that may be secret.</param>
/// <param name="what">What is wrong or needed, without a full stop.</param>
public sealed class InvalidStoreLocationException(string safe, string what)
    : ArtifactsException($"Invalid store location '{safe}': {what}.", safe)
{
    public override string ErrorId => "InvalidStoreLocation";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    public override bool HidesItem => true;
}

/// <summary>A service or file system can't have a store because it doesn't honour create-if-absent.</summary>
/// <param name="what">What it can't do, with a full stop.</param>
/// <param name="advice">What to use instead, with a full stop.</param>
public sealed class StoreNotSupportedException(
    string location,
    string what,
    string advice = StoreNotSupportedException.OtherService
)
    : ArtifactsException(
        $"'{location}' can't be an artifact store: {what} Two writers could overwrite each other there without noticing. {advice}",
        location
    )
{
    /// <summary>Advice for services.</summary>
    public const string OtherService =
        "Use a service that honours 'If-None-Match: *' on PUT, or a newer version of this one.";

    /// <summary>Advice for folders.</summary>
    public const string OtherFolder =
        "Use a folder on a local disk, NFS or SMB. For a bucket that is mounted as a folder, use its s3:// or az:// location.";

    public override string ErrorId => "StoreNotSupported";

    public override ErrorKind Kind => ErrorKind.NotImplemented;
}

/// <summary>A newer version of the module wrote the store in a format that this one can't read.</summary>
public sealed class StoreFormatNotSupportedException(string location, string what)
    : ArtifactsException(
        $"The artifact store '{location}' can't be read by this version of the module: {what}. Update the module.",
        location
    )
{
    public override string ErrorId => "StoreFormatNotSupported";

    public override ErrorKind Kind => ErrorKind.NotImplemented;
}

/// <summary>Bytes of the store are missing or damaged.</summary>
public abstract class ObjectLostException(string message, string key) : ArtifactsException(message, key);

/// <summary>An object that a version needs is missing.</summary>
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

/// <summary>A clean-up deleted content that no published version needed, before a draft with it was published, or before a
/// deleted version with it was restored.</summary>
public sealed class ObjectCleanedUpException : ArtifactsException
{
    public ObjectCleanedUpException(string location, string key, Exception? inner = null)
        : this(
            inner,
            key,
            $"'{key}' was cleaned up in the artifact store '{location}' before the draft was published. Nothing was published. "
                + "Create the draft again, add the files and publish."
        ) { }

    private ObjectCleanedUpException(Exception? inner, string target, string message)
        : base(message, target, inner) { }

    /// <summary>Creates the exception for a deleted version that can't be restored.</summary>
    /// <param name="reference">The version.</param>
    /// <param name="inner">The exception for the missing object.</param>
    public static ObjectCleanedUpException OfVersion(string location, string reference, Exception inner) =>
        new(
            inner,
            reference,
            $"'{reference}' can't be restored in the artifact store '{location}': its content was purged. Nothing was "
                + "changed. Add the files again and publish them as a new version."
        );

    public override string ErrorId => "ObjectCleanedUp";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>Bytes in the store are damaged.</summary>
public sealed class ObjectCorruptException(string location, string key, string what)
    : ObjectLostException(
        $"'{key}' is damaged in the artifact store '{location}': {what}. Its content was not returned. "
            + "Restore it from a copy of the store; or run Repair-ArtifactStore -Full, add the files again and publish.",
        key
    )
{
    public override string ErrorId => "ObjectCorrupt";

    public override ErrorKind Kind => ErrorKind.InvalidData;

    /// <summary>Description of the damage, without a full stop.</summary>
    public string Fault { get; } = what;

    /// <summary>Key of the damaged bytes.</summary>
    public string Key { get; } = key;
}

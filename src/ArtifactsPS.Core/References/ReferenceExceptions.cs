using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>Failure of one reference. Others are not affected.</summary>
public abstract class ReferenceException(string message, object? target, Exception? inner = null)
    : ArtifactsException(message, target, inner);

/// <summary>The target of a reference has changed since the reference was added.</summary>
/// <param name="item">Path of the entry; the URI where there is no entry yet.</param>
/// <param name="uri">URI of the target, without secrets.</param>
/// <param name="fault">Relative clause without a full stop, such as "whose content has changed".</param>
public sealed class ReferenceChangedException(string item, string uri, string fault)
    : ReferenceException(
        $"{ReferenceText.Of(item, uri)}, {fault}. Restore the original target, or add the reference again and publish.",
        item
    )
{
    public override string ErrorId => "ReferenceChanged";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

/// <summary>The target of a reference does not exist.</summary>
/// <inheritdoc cref="ReferenceChangedException"/>
public sealed class ReferenceNotFoundException(string item, string uri, string? versionId = null)
    : ReferenceException(
        $"{ReferenceText.Of(item, uri)}, which does not exist{(versionId is null ? "" : $" in version '{versionId}'")}. "
            + "Check the URI, restore the target, or remove the entry and publish.",
        item
    )
{
    public override string ErrorId => "ReferenceNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>The target of a reference must not be read: its service refused it, or the rules for hosts exclude it.</summary>
/// <param name="what">Reason and advice, with a full stop.</param>
/// <inheritdoc cref="ReferenceChangedException"/>
public sealed class ReferenceAccessDeniedException(string item, string uri, string what)
    : ReferenceException($"{ReferenceText.Of(item, uri)}, which can't be accessed: {what}", item)
{
    public override string ErrorId => "ReferenceAccessDenied";

    public override ErrorKind Kind => ErrorKind.PermissionDenied;
}

/// <summary>The service of a reference's target did not answer, or not as it should.</summary>
/// <param name="what">Reason and advice, with a full stop.</param>
/// <inheritdoc cref="ReferenceChangedException"/>
public sealed class ReferenceUnavailableException(string item, string uri, string what, Exception? inner = null)
    : ReferenceException($"{ReferenceText.Of(item, uri)}, which can't be read: {what}", item, inner)
{
    public override string ErrorId => "ReferenceUnavailable";

    public override ErrorKind Kind => ErrorKind.ResourceUnavailable;
}

/// <summary>More targets are below a prefix than may be added.</summary>
public sealed class ReferenceLimitExceededException(string uri, long limit)
    : ReferenceException(
        FormattableString.Invariant(
            $"More than {limit} targets are below '{uri}'. Add a longer prefix, allow more with "
        ) + "-MaxObjects, or add the prefix as one entry with -NoChecksum.",
        uri
    )
{
    public override string ErrorId => "ReferenceLimitExceeded";

    public override ErrorKind Kind => ErrorKind.LimitsExceeded;
}

/// <summary>Nothing can read the targets of a scheme, so the content of the reference is not available.</summary>
/// <inheritdoc cref="ReferenceChangedException"/>
public sealed class ReferenceNotReadableException(string item, string uri)
    : ReferenceException(
        $"{ReferenceText.Of(item, uri)}, whose content is not in the store, and nothing can read targets of its scheme. "
            + "Register a handler for the scheme with Register-ArtifactReferenceHandler.",
        item
    )
{
    public override string ErrorId => "ReferenceNotReadable";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

/// <summary>Beginnings of messages about references.</summary>
internal static class ReferenceText
{
    /// <summary>Names the entry and its target, or the target alone.</summary>
    public static string Of(string item, string uri) => item == uri ? $"'{uri}'" : $"'{item}' refers to '{uri}'";
}

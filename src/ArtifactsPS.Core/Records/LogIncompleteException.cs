using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Records;

/// <summary>Records of a log are missing below an existing record. The log has no valid state after them, and accepts no new
/// records.</summary>
/// <param name="subject">Subject of the log, such as <c>'mnist'</c>.</param>
/// <param name="key">Key of the first missing record.</param>
/// <param name="evidence">Evidence that there was such a record, such as <c>later ones exist</c>.</param>
public sealed class LogIncompleteException(string location, string subject, string key, string evidence)
    : ArtifactsException(
        $"The log of {subject} in the artifact store '{location}' is incomplete: '{key}' is missing, but {evidence}. "
            + "Nothing was written. Restore the key from a copy of the store. Test-ArtifactStore lists all missing keys.",
        key
    )
{
    public override string ErrorId => "LogIncomplete";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

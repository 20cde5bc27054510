using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands;

/// <summary>A command asked for confirmation, and the host could not ask: its input is closed, or the session isn't interactive, as
/// in many CI services.</summary>
public sealed class ConfirmationUnavailableException(string question, Exception reason)
    : ArtifactsException(
        $"This session can't ask for confirmation: its input is closed, or it isn't interactive. "
            + $"With -Confirm:$false, the command doesn't ask. The question was: {question}",
        question,
        reason
    )
{
    public override string ErrorId => "ConfirmationUnavailable";

    public override ErrorKind Kind => ErrorKind.InvalidOperation;
}

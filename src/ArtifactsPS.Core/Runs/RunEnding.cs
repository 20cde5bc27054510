using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Runs;

/// <summary>How a run ended, and why.</summary>
/// <param name="Outcome">Success or failure.</param>
/// <param name="Message">Reason of a failure; null for none.</param>
public sealed record RunEnding(RunOutcome Outcome, string? Message)
{
    private const string Succeeded = "succeeded";
    private const string Failed = "failed";

    /// <summary>Success without a message.</summary>
    public static RunEnding Success { get; } = new(RunOutcome.Succeeded, null);

    /// <summary>Exit code of the run, or of its last native command; null for none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Messages of errors, oldest first.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public bool Equals(RunEnding? other) =>
        other is not null
        && (Outcome, Message, ExitCode) == (other.Outcome, other.Message, other.ExitCode)
        && Errors.SequenceEqual(other.Errors, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => (Outcome, Message, ExitCode, Errors.Count).GetHashCode();

    internal static RunEnding Map(RecordFields fields, RunEnding? value) =>
        new(MapOutcome(fields, value?.Outcome), fields.OptionalText("message", value?.Message))
        {
            // Exit codes of Windows use all 32 bits.
            ExitCode = (int?)(uint?)fields.OptionalNumber("exitCode", (uint?)value?.ExitCode, uint.MaxValue),
            Errors = fields.Texts("errors", value?.Errors),
        };

    private static RunOutcome MapOutcome(RecordFields fields, RunOutcome? value) =>
        fields.Text(
            "outcome",
            value is null ? null
                : value == RunOutcome.Failed ? Failed
                : Succeeded
        ) switch
        {
            Failed => RunOutcome.Failed,
            Succeeded => RunOutcome.Succeeded,
            var text => throw new InvalidDataException($"'{text}' is not an outcome"),
        };
}

/// <summary>Errors of a run while it is active. Of very many or long errors, the first are kept.</summary>
public sealed class RunErrors
{
    private const int MaxCount = 100;
    private const int MaxLength = 2000;

    private readonly List<string> _errors = [];
    private int _more;

    /// <summary>Adds the message of an error.</summary>
    public void Add(string message)
    {
        if (_errors.Count < MaxCount)
            _errors.Add(message.Length > MaxLength ? message.Substring(0, MaxLength - 1) + "…" : message);
        else
            _more++;
    }

    /// <summary>Completes the ending of a run: errors or an exit code other than 0 make it a failure.</summary>
    public RunEnding Complete(RunEnding ending)
    {
        foreach (var error in ending.Errors.Where(error => !_errors.Contains(error)))
            Add(error);
        var all = _more > 0 ? [.. _errors, $"… and {_more} more"] : (IReadOnlyList<string>)[.. _errors];
        var message =
            ending.Message
            ?? (
                _errors.Count > 0 ? _errors[0]
                : ending.ExitCode is not (null or 0)
                    ? $"Its last native command ended with exit code {ending.ExitCode}."
                : null
            );
        return ending with
        {
            Outcome = message is null ? ending.Outcome : RunOutcome.Failed,
            Message = message,
            Errors = all,
        };
    }
}

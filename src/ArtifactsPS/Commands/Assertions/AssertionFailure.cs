using System.Management.Automation;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Assertions;

/// <summary>Failure of an assertion in a test.</summary>
internal static class AssertionFailure
{
    private const int MaxDetails = 10;

    /// <summary>Creates the error of an assertion.</summary>
    /// <param name="expectation">What was expected, such as <c>Expected 'x' to be y</c>.</param>
    /// <param name="because">Reason that the test gives; null for none.</param>
    /// <param name="details">What was found.</param>
    public static ErrorRecord Create(
        string expectation,
        string? because,
        IReadOnlyCollection<string> details,
        object? target
    )
    {
        var reason = string.IsNullOrWhiteSpace(because) ? "" : $", because {because!.Trim()}";
        var shown = string.Join("; ", details.Take(MaxDetails).Select(detail => detail.TrimEnd('.')));
        var more = details.Count > MaxDetails ? $"; and {details.Count - MaxDetails} more" : "";
        return ErrorRecords.From(new ArtifactAssertionException($"{expectation}{reason}, but {shown}{more}.", target));
    }
}

/// <summary>An assertion about an artifact failed.</summary>
public sealed class ArtifactAssertionException(string message, object? target) : ArtifactsException(message, target)
{
    public override string ErrorId => "ArtifactAssertionFailed";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ArtifactsPS.Core.Values;

/// <summary>Id of a run. Generated ids begin with the start time, so that they sort by it.</summary>
public sealed class RunId : KeyName
{
    private RunId(string text)
        : base(text) { }

    /// <summary>Creates a unique id.</summary>
    public static RunId New(DateTimeOffset startedAt) =>
        new(
            string.Format(
                CultureInfo.InvariantCulture,
                "{0:yyyyMMdd-HHmmssfff}-{1}",
                startedAt.UtcDateTime,
                Guid.NewGuid().ToString("N").Substring(0, 8)
            )
        );

    /// <exception cref="InvalidArtifactRunException">The text can't be the id of a run.</exception>
    public static RunId Parse(string text) =>
        Fault(text) is { } fault ? throw new InvalidArtifactRunException(text, "run id", fault) : new RunId(text);

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RunId? id)
    {
        id = text is not null && Fault(text) is null ? new RunId(text) : null;
        return id is not null;
    }

    /// <summary>Parses an id as keys spell it, in lower case.</summary>
    internal static bool TryParseKey(string text, [NotNullWhen(true)] out RunId? id)
    {
        id = Fault(text) is null && KeyOf(text) == text ? new RunId(text) : null;
        return id is not null;
    }
}

/// <summary>A text that is not a valid run id or group.</summary>
public sealed class InvalidArtifactRunException(string text, string what, string fault)
    : ArtifactsException($"Invalid {what} '{text}'. {fault}.", text)
{
    public override string ErrorId => "InvalidArtifactRun";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

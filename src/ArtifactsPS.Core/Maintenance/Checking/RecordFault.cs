using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Distinguishes damage of a record from other errors of reading it.</summary>
internal static class RecordFault
{
    public static bool Is(Exception exception) =>
        exception is ObjectCorruptException or InvalidDataException or OverflowException or ArgumentException;

    /// <summary>Describes the damage, without a full stop.</summary>
    public static string Describe(Exception exception) =>
        ((exception as ObjectCorruptException)?.Fault ?? exception.Message).TrimEnd('.');
}

using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Tells that a record is damaged from all else that can go wrong while one is read.</summary>
internal static class RecordFault
{
    public static bool Is(Exception exception) =>
        exception is ObjectCorruptException or InvalidDataException or OverflowException or ArgumentException;

    /// <summary>What is wrong with it, in words without a full stop.</summary>
    public static string Describe(Exception exception) =>
        ((exception as ObjectCorruptException)?.Fault ?? exception.Message).TrimEnd('.');
}

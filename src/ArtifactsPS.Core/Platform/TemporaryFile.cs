namespace ArtifactsPS.Platform;

/// <summary>Files that are there only as long as they are open.</summary>
internal static class TemporaryFile
{
    private const int BufferSize = 81920;

    public static FileStream Open() =>
        new(
            Path.Combine(Path.GetTempPath(), $"artifact-{Guid.NewGuid():N}.tmp"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Read | FileShare.Delete,
            BufferSize,
            FileOptions.DeleteOnClose
        );
}

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Waits until the next change of a file changes its times.</summary>
internal static class SettledFile
{
    private const long Nanoseconds = 110_000_000;

    public static async Task WaitForAsync(string path)
    {
        var changed = FileState.Of(path).Changed;
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000 < changed + Nanoseconds)
            await Task.Delay(5, Token);
    }
}

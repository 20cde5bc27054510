namespace ArtifactsPS.Tests;

internal static class Cancellation
{
    /// <summary>Cancelled when the running test is stopped.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;
}

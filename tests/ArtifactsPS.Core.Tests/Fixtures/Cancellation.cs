namespace ArtifactsPS.Core.Tests.Fixtures;

internal static class Cancellation
{
    /// <summary>Cancelled when the running test is stopped.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;
}

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>How large parts are, so that their number is enough.</summary>
internal static class PartSizes
{
    private const int Steps = 5;

    /// <summary>Of a value whose length is known: all the same, in bytes.</summary>
    public static long Of(long length, BucketLimits limits) =>
        Math.Max(limits.PartSize, (length + limits.Parts - 1) / limits.Parts);

    /// <summary>Of a value that comes to an end sometime: they double after each fifth of the parts that there may be.</summary>
    /// <param name="number">The part's, from 1 on.</param>
    /// <param name="limits">The service's.</param>
    /// <returns>In bytes; 0 when there can be no more parts.</returns>
    public static int At(int number, BucketLimits limits) =>
        number > limits.Parts
            ? 0
            : limits.PartSize << Math.Min(Steps - 1, (number - 1) / Math.Max(1, limits.Parts / Steps));
}

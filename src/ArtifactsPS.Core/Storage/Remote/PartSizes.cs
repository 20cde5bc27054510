namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Sizes of parts, within the number of parts that a service allows.</summary>
internal static class PartSizes
{
    private const int Steps = 5;

    /// <summary>Size of all parts of a value of known length, in bytes.</summary>
    public static long Of(long length, BucketLimits limits) =>
        Math.Max(limits.PartSize, (length + limits.Parts - 1) / limits.Parts);

    /// <summary>Size of a part of a value of unknown length. It doubles after each fifth of the allowed parts.</summary>
    /// <param name="number">Number of the part, from 1.</param>
    /// <param name="limits">Limits of the service.</param>
    /// <returns>Size in bytes; 0 if no more parts are allowed.</returns>
    public static int At(int number, BucketLimits limits) =>
        number > limits.Parts
            ? 0
            : limits.PartSize << Math.Min(Steps - 1, (number - 1) / Math.Max(1, limits.Parts / Steps));
}

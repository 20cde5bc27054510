namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Extent of the tests that try every moment of an operation.</summary>
internal static class TestSize
{
    public const string Variable = "ARTIFACTS_TEST_FULL_SIZE";

    /// <summary>Whether every case is tried, which takes several times as long.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>Distance between the cases that are tried: 1 for all.</summary>
    public static int Step(int usual) => IsFull ? 1 : usual;
}

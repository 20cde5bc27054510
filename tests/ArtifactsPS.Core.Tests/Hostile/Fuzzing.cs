using System.Globalization;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>How hostile input is tried: so many inputs, each within so much time and memory, and no surprises.</summary>
internal static class Fuzzing
{
    /// <summary>The environment variable that multiplies the inputs.</summary>
    public const string Variable = "ARTIFACTS_TEST_FUZZ_COUNT";

    private const long MaxAllocated = 2L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What a user is told of a store or a text that isn't as it must be.
    private static readonly HashSet<Type> Documented =
    [
        typeof(ObjectCorruptException),
        typeof(ObjectMissingException),
        typeof(StoreFormatNotSupportedException),
        typeof(ArtifactNotFoundException),
        typeof(ArtifactVersionNotFoundException),
        typeof(ArtifactTypeMismatchException),
        typeof(PathNotRestorableException),
        typeof(ReferenceChangedException),
        typeof(DistributedArtifactNotFoundException),
        typeof(DistributedArtifactLockedException),
        typeof(DistributedConflictException),
        typeof(DistributedBaseMismatchException),
    ];

    /// <summary>What it multiplies them by.</summary>
    public static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var factor)
            ? factor
            : 1;

    /// <summary>Tests random inputs. The number of an input is its seed, so that a failing one can be repeated alone.</summary>
    /// <param name="count">Number of inputs, unless the environment requests more.</param>
    /// <param name="tryAsync">Tests one input; documented errors are accepted.</param>
    public static async Task ForEachAsync(int count, Func<Random, Task> tryAsync)
    {
        var told = 0;
        for (var seed = 0; seed < count * Factor; seed++)
            if (!await IsPeacefulAsync(() => tryAsync(new Random(seed)), $"Input {seed}"))
                told++;
        // Mutations that all went unnoticed, or were all noticed, would try nothing.
        TestContext.Current.TestOutputHelper?.WriteLine($"{count * Factor} inputs, {told} of them told as errors");
        Assert.True(told > 0, "No input was noticed.");
    }

    /// <summary>Tries one input.</summary>
    /// <returns>Whether it was taken without an error.</returns>
    public static async Task<bool> IsPeacefulAsync(Func<Task> tryAsync, string input)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            await Task.Run(tryAsync, Token).WaitAsync(Patience, Token);
            return true;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{input}: it does not end.");
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            Assert.True(Documented.Contains(e.GetType()), $"{input}: {e}");
        }
        finally
        {
            var used = GC.GetTotalAllocatedBytes() - allocated;
            Assert.True(used < MaxAllocated, $"{input}: it took {used >> 20} MiB.");
        }
        return false;
    }
}

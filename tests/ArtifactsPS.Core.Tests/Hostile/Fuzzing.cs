using System.Globalization;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Tests random inputs, with limits of time and memory for each. Only documented errors are accepted.</summary>
internal static class Fuzzing
{
    /// <summary>Environment variable with the value of <see cref="Factor"/>.</summary>
    public const string Variable = "ARTIFACTS_TEST_FUZZ_COUNT";

    private const long MaxAllocated = 2L << 30;
    private static readonly TimeSpan InputTimeout = TimeSpan.FromSeconds(30);

    // Errors that are documented for damaged stores and invalid text.
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
        typeof(SignatureInvalidException),
        typeof(DistributedArtifactNotFoundException),
        typeof(DistributedArtifactLockedException),
        typeof(DistributedConflictException),
        typeof(DistributedBaseMismatchException),
    ];

    /// <summary>Factor by which the number of inputs is multiplied.</summary>
    public static int Factor { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var factor)
            ? factor
            : 1;

    /// <summary>
    /// Tests random inputs. The number of an input is its seed, so that a failing one can be repeated alone.
    /// </summary>
    /// <param name="count">Number of inputs, unless the environment requests more.</param>
    /// <param name="tryAsync">Tests one input; documented errors are accepted.</param>
    public static async Task ForEachAsync(int count, Func<Random, Task> tryAsync)
    {
        var refused = 0;
        for (var seed = 0; seed < count * Factor; seed++)
            if (!await SucceedsAsync(() => tryAsync(new Random(seed)), $"Input {seed}"))
                refused++;
        // A test in which no mutation is detected tests nothing.
        TestContext.Current.TestOutputHelper?.WriteLine($"{count * Factor} inputs, {refused} of them refused");
        Assert.True(refused > 0, "No input was refused.");
    }

    /// <summary>Tests one input.</summary>
    /// <returns>Whether the input was accepted without an error.</returns>
    public static async Task<bool> SucceedsAsync(Func<Task> tryAsync, string input)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            await Task.Run(tryAsync, Token).WaitAsync(InputTimeout, Token);
            return true;
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{input}: no result within {InputTimeout}.");
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            Assert.True(Documented.Contains(e.GetType()), $"{input}: {e}");
        }
        finally
        {
            var used = GC.GetTotalAllocatedBytes() - allocated;
            Assert.True(used < MaxAllocated, $"{input}: allocated {used >> 20} MiB.");
        }
        return false;
    }
}

using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// Clean-ups in which each store operation fails in turn, with every kind of fault. Needed content stays, and the next
/// clean-up succeeds.
/// </summary>
public sealed class FailingCleanupTests
{
    private const int MaxOperations = 500;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static TheoryData<StoreFault, bool> All =>
        [
            .. from fault in Enum.GetValues<StoreFault>()
            from rewritesPacks in new[] { false, true }
            select (fault, rewritesPacks),
        ];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Failed_operation_is_reported_and_succeeds_again(StoreFault fault, bool rewritesPacks)
    {
        var untidy = new MemoryObjectStore();
        await UntidyStore.FillAsync(await VersionStore.CreateAsync(untidy, Token));
        untidy.Age(2 * Day);
        var expected = await FinishAsync(untidy.Copy(), rewritesPacks);
        var failures = 0;
        for (var operation = 1; ; operation += TestSize.Step(2))
        {
            Assert.True(operation < MaxOperations, "The operation never succeeds.");
            var memory = untidy.Copy();
            var failing = new FailingObjectStore(memory, fault);
            failing.FailAt(operation);
            var failure = await Record.ExceptionAsync(() => UntidyStore.CleanAsync(failing, rewritesPacks));
            if (!failing.HasFailed)
            {
                Assert.Null(failure);
                break;
            }
            failures += failure is null ? 0 : 1;
            AssertExpectedError(failure, fault);
            await UntidyStore.CheckAsync(await VersionStore.OpenAsync(memory, Token));
            Assert.Equal(expected, await FinishAsync(memory, rewritesPacks));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"clean-up{(rewritesPacks ? " with rewriting" : "")}, {fault}: {failures} failures reported"
        );
        Assert.InRange(failures, 3, MaxOperations);
    }

    private static void AssertExpectedError(Exception? failure, StoreFault fault)
    {
        if (fault == StoreFault.Cancelled)
            Assert.True(failure is null or OperationCanceledException, $"{failure}");
        else
            Assert.True(
                failure is null or StoreUnavailableException or StoreFullException or StoreDamagedException,
                $"{failure}"
            );
    }

    // Cleans up at once, and again when newly written objects are old.
    private static async Task<IReadOnlyList<string>> FinishAsync(MemoryObjectStore memory, bool rewritesPacks)
    {
        for (var i = 0; i < 5; i++)
        {
            await UntidyStore.CleanAsync(memory, rewritesPacks);
            memory.Age(2 * Day);
        }
        return await UntidyStore.CheckTidyAsync(await VersionStore.OpenAsync(memory, Token));
    }
}

using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// Whatever a clean-up asks of a store fails, one call after the other, in each way: nothing that is needed goes, and done
/// again at once it succeeds.
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
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < MaxOperations, "It fails for ever.");
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
            AssertTold(failure, fault);
            await UntidyStore.CheckAsync(await VersionStore.OpenAsync(memory, Token));
            Assert.Equal(expected, await FinishAsync(memory, rewritesPacks));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"clean-up{(rewritesPacks ? " with rewriting" : "")}, {fault}: {failures} failures told"
        );
        Assert.InRange(failures, 5, MaxOperations);
    }

    private static void AssertTold(Exception? failure, StoreFault fault)
    {
        if (fault == StoreFault.Cancelled)
            Assert.True(failure is null or OperationCanceledException, $"{failure}");
        else
            Assert.True(
                failure is null or StoreUnavailableException or StoreFullException or StoreDamagedException,
                $"{failure}"
            );
    }

    // At once, and again when what was written by then is old.
    private static async Task<IReadOnlyList<string>> FinishAsync(MemoryObjectStore memory, bool rewritesPacks)
    {
        for (var i = 0; i < 3; i++)
        {
            await UntidyStore.CleanAsync(memory, rewritesPacks);
            memory.Age(2 * Day);
        }
        return await UntidyStore.CheckTidyAsync(await VersionStore.OpenAsync(memory, Token));
    }
}

using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class CleanLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Folder_has_one_lock_at_a_time(bool byFile)
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        var first = await AcquireAsync("a");
        using (await AcquireAsync("b")) { }
        var waiting = AcquireAsync("a/../a");
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        using (await waiting) { }

        Task<CleanLock> AcquireAsync(string name) =>
            byFile ? CleanLock.AcquireFileAsync(_folder[name], Token) : CleanLock.AcquireAsync(_folder[name], Token);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        Directory.CreateDirectory(_folder["a"]);
        using var held = await CleanLock.AcquireFileAsync(_folder["a"], Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            CleanLock.AcquireFileAsync(_folder["a"], new CancellationToken(canceled: true))
        );
        using var missing = await CleanLock.AcquireFileAsync(_folder["missing"], Token);
    }
}

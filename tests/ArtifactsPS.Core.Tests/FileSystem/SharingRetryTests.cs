using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class SharingRetryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SharingRetry _retry;
    private int _calls;

    public SharingRetryTests() => _retry = new SharingRetry(_time, _time.Advance);

    [Theory]
    [InlineData(WindowsError.SharingViolation)]
    [InlineData(WindowsError.LockViolation)]
    [InlineData(WindowsError.DeletePending)]
    [InlineData(WindowsError.MappedByUser)]
    [InlineData(WindowsError.AccessDenied)]
    public void Passing_error_is_repeated_until_success(int error)
    {
        Assert.Equal(0, Run(() => _calls < 5 ? error : 0));
        Assert.Equal(5, _calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(WindowsError.FileNotFound)]
    [InlineData(WindowsError.AlreadyExists)]
    public void Other_result_is_returned_at_once(int error)
    {
        Assert.Equal(error, Run(() => error));
        Assert.Equal(1, _calls);
        Assert.Equal(3, Run(() => _calls < 4 ? WindowsError.SharingViolation : 3));
    }

    [Fact]
    public void Lasting_error_is_returned_after_bounded_time()
    {
        Assert.Equal(WindowsError.SharingViolation, Run(() => WindowsError.SharingViolation));
        Assert.Equal(SharingRetry.Longest, Elapsed());
        Assert.InRange(_calls, 10, 100);
    }

    [Fact]
    public void Many_lasting_errors_wait_ever_less()
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(WindowsError.AccessDenied, Run(() => WindowsError.AccessDenied));
        Assert.InRange(Elapsed(), SharingRetry.Longest, 3 * SharingRetry.Longest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Success_or_time_restores_the_limit(bool succeeds)
    {
        for (var i = 0; i < 10; i++)
            Run(() => WindowsError.AccessDenied);
        if (succeeds)
            Assert.Equal(0, Run(() => _calls % 2 == 0 ? 0 : WindowsError.AccessDenied));
        else
            _time.Advance(TimeSpan.FromMinutes(2));
        var before = Elapsed();
        Run(() => WindowsError.AccessDenied);
        Assert.Equal(SharingRetry.Longest, Elapsed() - before);
    }

    private TimeSpan Elapsed() => _time.GetUtcNow() - _time.Start;

    private int Run(Func<int> call) =>
        _retry.Run(
            () =>
            {
                _calls++;
                return call();
            },
            WindowsError.MayPass
        );
}

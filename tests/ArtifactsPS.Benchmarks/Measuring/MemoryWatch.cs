namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>
/// Samples the peak memory of a process and its children until it ends. Linux maintains the high-water mark (VmHWM), so
/// sampling misses only allocations of the last few milliseconds. wait4(2) can't be used: its ru_maxrss is at least the size
/// of the parent process.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _thread;
    private long _peak;

    public MemoryWatch(int process)
    {
        _thread = new Thread(() =>
        {
            do Sample(process);
            while (!_ended.Wait(Interval));
        });
        _thread.Start();
    }

    /// <summary>Stops sampling.</summary>
    /// <returns>Peak memory in bytes of the largest process.</returns>
    public long Finish()
    {
        Dispose();
        return _peak;
    }

    public void Dispose()
    {
        _ended.Set();
        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Sample(int process)
    {
        _peak = Math.Max(_peak, LinuxProcess.PeakMemoryOf(process));
        foreach (var child in LinuxProcess.ChildrenOf(process))
            Sample(child);
    }
}

namespace ArtifactsPS.Benchmarks.Measuring;

/// <summary>
/// Watches the peak memory of a process and those it starts, until it ends. Linux keeps the high-water mark itself
/// (VmHWM), so looking now and then misses only what is allocated in the very last moment. What wait4(2) would tell is of no
/// use here: its ru_maxrss is at least the size of whoever started the process.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _watching;
    private long _peak;

    public MemoryWatch(int process)
    {
        _watching = new Thread(() =>
        {
            do Look(process);
            while (!_ended.Wait(Interval));
        });
        _watching.Start();
    }

    /// <summary>Ends watching.</summary>
    /// <returns>In bytes, of the process that had most.</returns>
    public long Finish()
    {
        Dispose();
        return _peak;
    }

    public void Dispose()
    {
        _ended.Set();
        if (_watching.IsAlive)
            _watching.Join();
    }

    private void Look(int process)
    {
        _peak = Math.Max(_peak, LinuxProcess.PeakMemoryOf(process));
        foreach (var child in LinuxProcess.ChildrenOf(process))
            Look(child);
    }
}

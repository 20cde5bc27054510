namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class UnixFlushTests
{
    private const int Interrupted = 4;
    private const int InputOutput = 5;
    private const int NotSupported = 45;

    private readonly List<string> _calls = [];

    [Fact]
    public void Mac_empties_the_cache_of_the_disk()
    {
        Assert.Equal(0, Create(fsync: [0], fullSync: [Interrupted, 0]).Run(7));
        Assert.Equal(["full 7", "full 7"], _calls);
    }

    [Fact]
    public void File_system_without_full_flush_is_flushed()
    {
        Assert.Equal(0, Create(fsync: [Interrupted, 0], fullSync: [NotSupported]).Run(7));
        Assert.Equal(["full 7", "fsync 7", "fsync 7"], _calls);
    }

    [Fact]
    public void Failed_flush_is_an_error()
    {
        Assert.Equal(InputOutput, Create(fsync: [0], fullSync: [InputOutput]).Run(7));
        Assert.Equal(InputOutput, Create(fsync: [InputOutput], fullSync: null).Run(7));
        Assert.Equal(0, Create(fsync: [NotSupported], fullSync: null).Run(7));
    }

    private UnixFlush Create(int[] fsync, int[]? fullSync)
    {
        return new UnixFlush(
            Call("fsync", fsync),
            fullSync is null ? null : Call("full", fullSync),
            e => e == NotSupported
        );

        Func<int, int> Call(string name, int[] results)
        {
            var next = new Queue<int>(results);
            return descriptor =>
            {
                _calls.Add($"{name} {descriptor}");
                return next.Dequeue();
            };
        }
    }
}

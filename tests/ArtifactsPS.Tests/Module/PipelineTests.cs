using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Output of background work by the base class of all cmdlets, through cmdlets that are compiled here.</summary>
[Collection(SerialCollection.Name)]
public sealed class PipelineTests : IDisposable
{
    private const string Cmdlets = """
        using System;
        using System.Collections.Generic;
        using System.Management.Automation;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Tasks;
        using ArtifactsPS.Commands;

        public static class Work
        {
            public static readonly ManualResetEventSlim Started = new();
            public static readonly ManualResetEventSlim Ended = new();
            public static readonly ManualResetEventSlim Released = new();
            public static readonly SemaphoreSlim Received = new(0);
            public static int Produced;
            public static int Consumed;
            public static int MostAhead;
            public static long Growth;
            private static long _before;

            public static void Consume()
            {
                Consumed++;
                MostAhead = Math.Max(MostAhead, Volatile.Read(ref Produced) - Consumed);
                if (Consumed == 1000)
                    _before = GC.GetTotalMemory(true);
                if (Consumed == 5000)
                    Growth = GC.GetTotalMemory(true) - _before;
            }

            public static byte[] Produce()
            {
                Interlocked.Increment(ref Produced);
                return new byte[100_000];
            }
        }

        [Cmdlet("Read", "EndlessStream")]
        public sealed class ReadEndlessStreamCommand : AsyncPSCmdlet
        {
            protected override void EndProcessing()
            {
                foreach (var item in Stream(Produce))
                    WriteObject(item, false);
            }

            private static async IAsyncEnumerable<byte[]> Produce([EnumeratorCancellation] CancellationToken token)
            {
                try
                {
                    while (true)
                    {
                        await Task.Yield();
                        yield return Work.Produce();
                    }
                }
                finally
                {
                    Work.Ended.Set();
                }
            }
        }

        [Cmdlet("Read", "EndlessWork")]
        public sealed class ReadEndlessWorkCommand : AsyncPSCmdlet
        {
            protected override void EndProcessing()
            {
                var sink = Sink<byte[]>(item => WriteObject(item, false));
                Await(async _ =>
                {
                    try
                    {
                        while (true)
                            await sink.AddAsync(Work.Produce());
                    }
                    finally
                    {
                        Work.Ended.Set();
                    }
                });
            }
        }

        [Cmdlet("Read", "Answer")]
        public sealed class ReadAnswerCommand : AsyncPSCmdlet
        {
            [Parameter]
            public int Count { get; set; }

            protected override void EndProcessing()
            {
                var sink = Sink<int>(number => WriteObject(number));
                Await(async token =>
                {
                    for (var i = 0; i < Count; i++)
                    {
                        await sink.AddAsync(i);
                        await Work.Received.WaitAsync(token);
                    }
                });
            }
        }

        [Cmdlet("Read", "UnresponsiveShare")]
        public sealed class ReadUnresponsiveShareCommand : AsyncPSCmdlet
        {
            protected override void EndProcessing() =>
                Await(_ =>
                {
                    Work.Started.Set();
                    Work.Released.Wait();
                    return Task.CompletedTask;
                });
        }
        """;

    // The command waits one second for the work to end.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly PowerShellSession _session = new();

    public PipelineTests() =>
        _session.Run(
            """
            $assembly = (Get-Command New-Artifact).ImplementingType.Assembly
            $folder = Split-Path $assembly.Location
            $references = @($assembly.Location, "$folder/ArtifactsPS.Core.dll") +
                @("$folder/Microsoft.Bcl.AsyncInterfaces.dll" | Where-Object { Test-Path -LiteralPath $_ })
            $types = Add-Type -TypeDefinition $args[0] -ReferencedAssemblies $references -PassThru
            Import-Module $types[0].Assembly
            """,
            Cmdlets
                .Replace("class Work", $"class {_work}", StringComparison.Ordinal)
                .Replace("Work.", _work + ".", StringComparison.Ordinal)
        );

    private readonly string _work = $"Work{Guid.NewGuid():N}";

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Read-EndlessStream")]
    [InlineData("Read-EndlessWork")]
    public void Endless_output_needs_constant_memory(string command)
    {
        _session.Run(
            $"{command} | ForEach-Object {{ [{_work}]::Consume(); 1 }} | Select-Object -First 5000 | Out-Null"
        );

        Assert.Equal(5000, Value<int>("Consumed"));
        Assert.InRange(Value<int>("MostAhead"), 1, 100);
        // 4000 items have 400 MB.
        Assert.InRange(Value<long>("Growth"), long.MinValue, 20_000_000);
        Assert.True(Value<ManualResetEventSlim>("Ended").Wait(Timeout, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Read-EndlessStream")]
    [InlineData("Read-EndlessWork")]
    public void Work_ends_when_consumer_fails(string command)
    {
        Assert.Equal("enough", _session.Fail($"{command} | ForEach-Object {{ throw 'enough' }}").Exception.Message);

        Assert.True(Value<ManualResetEventSlim>("Ended").Wait(Timeout, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Results_are_output_as_they_are_added()
    {
        var watch = Stopwatch.StartNew();

        var output = _session.Run(
            $"Read-Answer -Count 500 | ForEach-Object {{ $null = [{_work}]::Received.Release(); $_ }}"
        );

        Assert.Equal(500, output.Count);
        // Output at intervals of 200 ms would take 100 seconds.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Interrupted_command_leaves_work_that_hangs()
    {
        try
        {
            var stopped = _session.InterruptWhen(
                Value<ManualResetEventSlim>("Started").WaitHandle,
                "Read-UnresponsiveShare"
            );

            Assert.InRange(stopped, TimeSpan.Zero, StopLimit);
        }
        finally
        {
            Value<ManualResetEventSlim>("Released").Set();
        }
    }

    private T Value<T>(string member) => (T)_session.One($"[{_work}]::{member}").BaseObject;
}

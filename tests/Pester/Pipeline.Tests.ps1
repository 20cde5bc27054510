BeforeDiscovery {
    Import-Module (. $PSScriptRoot/ManifestPath.ps1)
    $folder = Split-Path (Get-Command New-Artifact).ImplementingType.Assembly.Location
    # Under .NET 10, the compiler finds asynchronous streams twice for an assembly of netstandard2.0.
    $isNetStandard = Test-Path -LiteralPath "$folder/Microsoft.Bcl.AsyncInterfaces.dll"
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $assembly = (Get-Command New-Artifact).ImplementingType.Assembly
    $folder = Split-Path $assembly.Location
    if (Test-Path -LiteralPath "$folder/Microsoft.Bcl.AsyncInterfaces.dll") { return }
    # Cmdlets on the module's own base class.
    $source = @'
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
'@
    $references = @((Get-ChildItem $PSHOME/ref/*.dll).FullName) + [psobject].Assembly.Location + $assembly.Location +
        "$folder/ArtifactsPS.Core.dll"
    $types = Add-Type -TypeDefinition $source -ReferencedAssemblies $references -PassThru -IgnoreWarnings -WarningAction Ignore
    Import-Module $types[0].Assembly
}
AfterAll { Restore-Environment }

Describe 'Output of <Command>' -Skip:$isNetStandard -ForEach @{ Command = 'Read-EndlessStream' }, @{ Command = 'Read-EndlessWork' } {
    BeforeEach {
        [Work]::Produced = [Work]::Consumed = [Work]::MostAhead = 0
        [Work]::Ended.Reset()
    }

    It 'needs constant memory when the consumer is slow' {
        & $Command | ForEach-Object { [Work]::Consume(); 1 } | Select-Object -First 5000 | Out-Null

        [Work]::Consumed | Should -Be 5000
        [Work]::MostAhead | Should -BeIn (1..100)
        # 4000 items have 400 MB.
        [Work]::Growth | Should -BeLessThan 20MB
        [Work]::Ended.Wait(30000) | Should -BeTrue
    }

    It 'ends the work when the consumer fails' {
        { & $Command | ForEach-Object { throw 'enough' } } | Should -Throw enough

        [Work]::Ended.Wait(30000) | Should -BeTrue
    }
}

Describe 'Results of background work' -Skip:$isNetStandard {
    It 'are output as they are added' {
        $watch = [Diagnostics.Stopwatch]::StartNew()

        Read-Answer -Count 500 | ForEach-Object { $null = [Work]::Received.Release(); $_ } | Should -HaveCount 500

        # Output at intervals of 200 ms would take 100 seconds.
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
    }
}

Describe 'Stopping a command' -Skip:$isNetStandard {
    It 'leaves work that hangs after a second' {
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $shell.AddScript('Import-Module $args[0]; Read-UnresponsiveShare').AddArgument($types[0].Assembly)
            $null = $shell.BeginInvoke()
            [Work]::Started.Wait(30000) | Should -BeTrue
            $watch = [Diagnostics.Stopwatch]::StartNew()

            $shell.Stop()

            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        }
        finally {
            [Work]::Released.Set()
            $shell.Dispose()
        }
    }
}

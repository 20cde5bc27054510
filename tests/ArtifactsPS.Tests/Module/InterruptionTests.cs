using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Progress and interruption of long commands.</summary>
[Collection(SerialCollection.Name)]
public sealed class InterruptionTests : RunTests
{
    // Commands stop within half a second on an idle machine; other processes may slow the tests down.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private const long Huge = 40L << 30;
    private const long Large = 1L << 30;

    [Fact]
    public void Interrupted_Add_of_huge_file_can_be_repeated()
    {
        var file = Sparse("big/huge.bin", Huge);
        Session.Run("$draft = New-Artifact a b");
        var before = Session.StoreFiles();

        var stopped = Session.Interrupt("$draft | Add-ArtifactDirectory big");

        Assert.InRange(stopped, TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.Equal(before, Session.StoreFiles());
        SetLength(file, 1000);
        Assert.Equal(
            ["1:1000"],
            Session.Texts("$draft | Add-ArtifactDirectory big | ForEach-Object { \"$($_.FileCount):$($_.Size)\" }")
        );
        Assert.Equal(["a:v0"], Session.Texts("$draft | Publish-Artifact"));
    }

    [Fact]
    public void Interrupted_Add_of_large_tree_can_be_repeated()
    {
        for (var i = 0; i < 1000; i++)
            Sparse($"tree/{i / 100}/{i}.bin", (1 << 20) + i);
        Session.Run("$draft = New-Artifact a b");

        var stopped = Session.Interrupt("$draft | Add-ArtifactDirectory tree");

        Assert.InRange(stopped, TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.Equal(["1000"], Session.Texts("($draft | Add-ArtifactDirectory tree).FileCount"));
    }

    [Fact]
    public void Interrupted_Save_leaves_no_partial_file()
    {
        Sparse("big/large.bin", Large);
        Session.Run("$null = New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact");
        AssertProgressCompleted();

        var stopped = Session.Interrupt("Save-Artifact a out");

        Assert.InRange(stopped, TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.Empty(Directory.GetFiles(Path.Combine(Session.Folder, "out")));

        Session.Run("Save-Artifact a out");
        Assert.Equal(Large, new FileInfo(Path.Combine(Session.Folder, "out/large.bin")).Length);

        Session.Run("Test-Artifact a out");
        AssertProgressCompleted();
        Assert.Contains(
            Session.Progress,
            record => record.StatusDescription.Contains("1.0 GiB", StringComparison.Ordinal)
        );
        Assert.All(Session.Progress, record => Assert.InRange(record.PercentComplete, -1, 100));
        Assert.All(Session.Progress, record => Assert.Contains("a:v0", record.Activity, StringComparison.Ordinal));
    }

    [Fact]
    public void Interrupted_Test_and_Copy_leave_nothing_partial()
    {
        Sparse("big/large.bin", Large);
        Session.Run(
            "$null = New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact; New-ArtifactStore ./other"
        );

        Assert.InRange(Session.Interrupt("Test-Artifact a"), TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.InRange(Session.Interrupt("Test-Artifact a big"), TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.InRange(Session.Interrupt("Copy-Artifact a ./other"), TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();

        Assert.Empty(Session.Run("Get-Artifact -Store ./other"));
        Assert.Empty(Session.Run("Test-ArtifactStore ./other"));
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(Session.Folder, "other"), "*", SearchOption.AllDirectories),
            file => new FileInfo(file).Length > 1000
        );
        Assert.Equal(["a:v0"], Session.Texts("Copy-Artifact a ./other"));
    }

    [Fact]
    public void Interrupted_pipeline_publishes_nothing()
    {
        var file = Sparse("big/huge.bin", Huge);
        var before = Session.StoreFiles();

        var stopped = Session.Interrupt("New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact");

        Assert.InRange(stopped, TimeSpan.Zero, StopLimit);
        AssertProgressCompleted();
        Assert.Equal(before, Session.StoreFiles());
        SetLength(file, 1000);
        Assert.Equal(["a:v0"], Session.Texts("New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact"));
    }

    [Fact]
    public void Progress_reports_rate_remaining_time_and_item()
    {
        // Large enough for work of half a second, after which progress is reported.
        Sparse("big/large.bin", 2 * Large);
        Session.Run("$null = New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact");

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Session.Run("'a', 'a:v0' | Test-Artifact");
        watch.Stop();

        var first = Session
            .Progress.Where(record =>
                record.ParentActivityId < 0 && record.Activity.Contains("a:v0", StringComparison.Ordinal)
            )
            .ToList();
        var second = Session.Progress.Where(record => record.ParentActivityId >= 0).ToList();
        Assert.Contains(
            first.Concat(second),
            record => record.StatusDescription.EndsWith("/s", StringComparison.Ordinal) && record.SecondsRemaining >= 0
        );
        Assert.NotEmpty(second);
        Assert.All(
            second,
            record =>
            {
                var whole = Session.Progress.First(other => other.ActivityId == record.ParentActivityId);
                Assert.Equal("Test-Artifact", whole.Activity);
                Assert.Equal("1 done", whole.StatusDescription);
            }
        );
        foreach (var records in Session.Progress.GroupBy(record => record.ActivityId))
            Assert.Equal(ProgressRecordType.Completed, records.Last().RecordType);
        // At most two records every 200 ms, and one completed record for each item and activity.
        Assert.InRange(Session.Progress.Count, 1, (2 * watch.ElapsedMilliseconds / 200) + 4);

        Session.Run("$ProgressPreference = 'SilentlyContinue'; Test-Artifact a");
        Assert.Empty(Session.Progress);
        Session.Run("$ProgressPreference = 'Continue'");
    }

    [Fact]
    public void Interrupted_run_block_records_failed_run()
    {
        Session.Run(
            """
            function Show-Progress {
                [CmdletBinding()]
                param()
                $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'Working', 'running'))
            }
            """
        );

        Session.Interrupt("Invoke-ArtifactRun { Show-Progress; while ($true) { } }");

        Assert.Equal("Failed", LastRun().Text("Outcome"));
        Assert.Equal("It was stopped.", LastRun().Text("Message"));
        Assert.Equal((null, null), RunVariables);
    }

    private void AssertProgressCompleted()
    {
        Assert.NotEmpty(Session.Progress);
        Assert.Equal(ProgressRecordType.Completed, Session.Progress[^1].RecordType);
    }

    private string Sparse(string path, long length)
    {
        var file = Session.File(path, "");
        SetLength(file, length);
        return file;
    }

    private static void SetLength(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(length);
    }
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Progress of long work, and Ctrl+C in it.</summary>
[Collection(AloneCollection.Name)]
public sealed class InterruptionTests : SessionTests
{
    // Half a second is promised, on a machine that has nothing else to do.
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(1);

    private const long Huge = 40L << 30;
    private const long Large = 1L << 30;

    [Fact]
    public void Adding_a_huge_file_stops_at_once_and_can_be_done_again()
    {
        var file = Sparse("big/huge.bin", Huge);
        Session.Run("$draft = New-Artifact a b");
        var before = Session.StoreFiles();

        var stopped = Session.Interrupt("$draft | Add-ArtifactDirectory big");

        Assert.InRange(stopped, TimeSpan.Zero, SoonEnough);
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
    public void Adding_a_big_tree_stops_at_once_and_can_be_done_again()
    {
        for (var i = 0; i < 1000; i++)
            Sparse($"tree/{i / 100}/{i}.bin", (1 << 20) + i);
        Session.Run("$draft = New-Artifact a b");

        var stopped = Session.Interrupt("$draft | Add-ArtifactDirectory tree");

        Assert.InRange(stopped, TimeSpan.Zero, SoonEnough);
        AssertProgressCompleted();
        Assert.Equal(["1000"], Session.Texts("($draft | Add-ArtifactDirectory tree).FileCount"));
    }

    [Fact]
    public void Restoring_a_large_file_stops_at_once_leaves_nothing_half_written_and_can_be_done_again()
    {
        Sparse("big/large.bin", Large);
        Session.Run("$null = New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact");
        AssertProgressCompleted();

        var stopped = Session.Interrupt("Save-Artifact a out");

        Assert.InRange(stopped, TimeSpan.Zero, SoonEnough);
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
    public void Verifying_and_copying_stop_at_once_and_leave_nothing_half_made()
    {
        Sparse("big/large.bin", Large);
        Session.Run(
            "$null = New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact; New-ArtifactStore ./other"
        );

        Assert.InRange(Session.Interrupt("Test-Artifact a"), TimeSpan.Zero, SoonEnough);
        AssertProgressCompleted();
        Assert.InRange(Session.Interrupt("Test-Artifact a big"), TimeSpan.Zero, SoonEnough);
        AssertProgressCompleted();
        Assert.InRange(Session.Interrupt("Copy-Artifact a ./other"), TimeSpan.Zero, SoonEnough);
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
    public void A_pipeline_that_publishes_publishes_nothing_if_it_is_stopped()
    {
        var file = Sparse("big/huge.bin", Huge);
        var before = Session.StoreFiles();

        var stopped = Session.Interrupt("New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact");

        Assert.InRange(stopped, TimeSpan.Zero, SoonEnough);
        AssertProgressCompleted();
        Assert.Equal(before, Session.StoreFiles());
        SetLength(file, 1000);
        Assert.Equal(["a:v0"], Session.Texts("New-Artifact a b | Add-ArtifactDirectory big | Publish-Artifact"));
    }

    [Fact]
    public void Progress_tells_files_bytes_rate_and_time_left_now_and_then_and_of_several_items_which()
    {
        // To be told from half a second on.
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
        // Two lines at most each fifth of a second, and each is completed once an item.
        Assert.InRange(Session.Progress.Count, 1, (2 * watch.ElapsedMilliseconds / 200) + 4);

        Session.Run("$ProgressPreference = 'SilentlyContinue'; Test-Artifact a");
        Assert.Empty(Session.Progress);
        Session.Run("$ProgressPreference = 'Continue'");
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

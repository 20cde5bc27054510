using System.Diagnostics;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Runs;

public sealed class RunJournalTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Morning = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private TestStore _store = null!;
    private RunJournal _journal = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _journal = new RunJournal(_store.Versions);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Started_run_is_recorded_with_all_properties()
    {
        var run = new RunRecord
        {
            Id = RunId.Parse("Run-1"),
            Name = "any text: \"é\" \U0001F600\n",
            Group = "group",
            JobType = "train",
            Config = new JObject
            {
                ["rate"] = 0.1,
                ["when"] = "2026-01-02T03:04:05Z",
                ["layers"] = new JArray(1, 2),
            },
            User = "user",
            Machine = "machine",
            StartedAt = Morning,
            PowerShellVersion = "7.6.0",
            ModuleVersion = "0.1.0",
            GitCommit = new string('a', 40),
        };
        await _journal.StartAsync(run, Token);

        var found = await FindAsync("run-1");
        Assert.True(JToken.DeepEquals(run.Config, found.Config));
        Assert.Equal(run, found with { Config = run.Config });
        Assert.Equal(RunOutcome.Running, found.Outcome);
        Assert.Contains("runs/run-1/start.json", _store.Memory.Keys);
    }

    [Theory]
    [InlineData(RunOutcome.Succeeded, null)]
    [InlineData(RunOutcome.Failed, "it broke")]
    public async Task Stopped_run_has_outcome_and_message(RunOutcome outcome, string? message)
    {
        await StartAsync("run-1");
        var stopped = await _journal.StopAsync(RunId.Parse("RUN-1"), new RunEnding(outcome, message), Token);
        Assert.Equal((outcome, message), (stopped.Outcome, stopped.Message));
        Assert.NotNull(stopped.EndedAt);
        Assert.Equal(stopped, await FindAsync("run-1"));
    }

    [Fact]
    public async Task First_stop_of_run_wins()
    {
        await StartAsync("run-1");
        var first = await _journal.StopAsync(RunId.Parse("run-1"), new RunEnding(RunOutcome.Failed, "first"), Token);
        var second = await _journal.StopAsync(RunId.Parse("run-1"), new RunEnding(RunOutcome.Succeeded, null), Token);
        Assert.Equal(first, second);
        Assert.Equal(first, await FindAsync("run-1"));
    }

    [Fact]
    public async Task Concurrent_stops_return_same_outcome()
    {
        for (var round = 0; round < 50; round++)
        {
            await StartAsync($"run-{round}");
            var stops = await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        Task.Run(
                            () =>
                                _journal.StopAsync(
                                    RunId.Parse($"run-{round}"),
                                    new RunEnding(RunOutcome.Failed, $"{i}"),
                                    Token
                                ),
                            Token
                        )
                    )
            );
            Assert.Single(stops.Distinct());
        }
    }

    [Fact]
    public async Task Second_start_leaves_run_unchanged()
    {
        await StartAsync("run-1", "first");
        await StartAsync("run-1", "second");
        Assert.Equal("first", (await FindAsync("run-1")).Name);
    }

    [Fact]
    public async Task Missing_run_is_not_found()
    {
        Assert.Null(await _journal.FindAsync(RunId.Parse("none"), Token));
        var error = await Assert.ThrowsAsync<ArtifactRunNotFoundException>(() =>
            _journal.StopAsync(RunId.Parse("none"), new RunEnding(RunOutcome.Succeeded, null), Token)
        );
        Assert.Equal("none", error.Target);
        Assert.Empty(await _journal.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Runs_are_listed_in_order_of_start()
    {
        var ids = Enumerable.Range(0, 40).Select(i => RunId.New(Morning.AddMilliseconds(i))).ToList();
        foreach (var id in ids.OrderBy(_ => Guid.NewGuid()))
            await StartAsync(id.ToString());
        // A run's folder without a start record is ignored.
        var version = await _store.PublishAsync("data", ("a.txt", "A"));
        await new RunLinks(_store.Versions).AddAsync(RunId.Parse("gone"), version, RunRole.Input, Token);
        await _journal.StopAsync(ids[3], new RunEnding(RunOutcome.Failed, null), Token);

        var runs = await _journal.ListAsync(Token).ToListAsync(Token);
        Assert.Equal(ids, runs.Select(run => run.Id));
        Assert.Equal([ids[3]], runs.Where(run => run.Outcome == RunOutcome.Failed).Select(run => run.Id));
    }

    [Fact]
    public async Task Damaged_run_record_is_reported()
    {
        await StartAsync("run-1");
        _store.Memory["runs/run-1/start.json"][^5] ^= 1;
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            _journal.FindAsync(RunId.Parse("run-1"), Token)
        );
        Assert.Contains("runs/run-1/start.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generated_ids_are_valid_and_unique()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => RunId.New(Morning)).ToHashSet();
        Assert.Equal(100, ids.Count);
        Assert.All(ids, id => Assert.StartsWith("20260102-030405678-", id.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void Invalid_id_and_group_are_refused(string text)
    {
        Assert.Throws<InvalidArtifactRunException>(() => RunId.Parse(text));
        Assert.Throws<InvalidArtifactRunException>(() => RunJournal.CheckGroup(text));
    }

    [Fact]
    public async Task Links_are_found_from_run_and_version()
    {
        var links = new RunLinks(_store.Versions);
        var data = await _store.PublishAsync("Data", ("a.txt", "A"));
        var more = await _store.PublishAsync("Data", ("a.txt", "A2"));
        var model = await _store.PublishAsync("model", ("m.bin", "M"));
        await links.AddAsync(RunId.Parse("Run-1"), more, RunRole.Input, Token);
        await links.AddAsync(RunId.Parse("Run-1"), data, RunRole.Input, Token);
        await links.AddAsync(RunId.Parse("run-2"), data, RunRole.Input, Token);
        await links.AddAsync(RunId.Parse("run-1"), model, RunRole.Output, Token);

        Assert.Equal(
            ["data:v0", "data:v1"],
            (await links.VersionsOfAsync(RunId.Parse("run-1"), RunRole.Input, Token)).Select(link => link.Reference)
        );
        Assert.Equal(
            [new VersionLink(ArtifactName.Parse("model"), 0)],
            await links.VersionsOfAsync(RunId.Parse("RUN-1"), RunRole.Output, Token)
        );
        Assert.Equal(
            [RunId.Parse("run-1"), RunId.Parse("run-2")],
            await links.RunsOfAsync(ArtifactKey.Of(ArtifactName.Parse("DATA")), 0, RunRole.Input, Token)
        );
        Assert.Empty(await links.RunsOfAsync(ArtifactKey.Of(ArtifactName.Parse("data")), 0, RunRole.Output, Token));
        Assert.Empty(await links.VersionsOfAsync(RunId.Parse("none"), RunRole.Input, Token));
    }

    [Fact]
    public async Task Adding_existing_link_changes_nothing()
    {
        var links = new RunLinks(_store.Versions);
        var data = await _store.PublishAsync("data", ("a.txt", "A"));
        await links.AddAsync(RunId.Parse("run-1"), data, RunRole.Input, Token);
        var before = _store.Memory.Keys.ToDictionary(key => key, key => _store.Memory[key]);
        await links.AddAsync(RunId.Parse("run-1"), data, RunRole.Input, Token);
        await links.AddAsync(RunId.Parse("RUN-1"), data, RunRole.Input, Token);
        Assert.Equal(before, _store.Memory.Keys.ToDictionary(key => key, key => _store.Memory[key]));
        Assert.Contains("runs/run-1/inputs/data/0.json", before.Keys);
        Assert.Contains("artifacts/data/runs/0/inputs/run-1.json", before.Keys);
    }

    [Fact]
    public void Git_commit_of_folder_is_found()
    {
        using var folder = new TemporaryFolder();
        try
        {
            Git("init", "--quiet");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no git on this machine.");
        }
        Assert.Null(GitCommit.Of(folder.Path));
        Git(
            "-c",
            "user.name=Someone",
            "-c",
            "user.email=someone@example.com",
            "commit",
            "--quiet",
            "--allow-empty",
            "--message=first"
        );
        Assert.Matches("^[0-9a-f]{40}$", GitCommit.Of(folder.Path));
        Assert.Null(GitCommit.Of(Path.GetTempPath()));
        Assert.Null(GitCommit.Of(folder["no such folder"]));

        void Git(params string[] arguments)
        {
            var start = new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder.Path,
                UseShellExecute = false,
            };
            using var git = Process.Start(start)!;
            git.WaitForExit();
            Assert.Equal(0, git.ExitCode);
        }
    }

    private Task StartAsync(string id, string name = "name") =>
        _journal.StartAsync(
            new RunRecord
            {
                Id = RunId.Parse(id),
                Name = name,
                User = "user",
                Machine = "machine",
                StartedAt = Morning,
            },
            Token
        );

    private async Task<RunRecord> FindAsync(string id) => (await _journal.FindAsync(RunId.Parse(id), Token))!;

    [Fact]
    public async Task Errors_and_exit_codes_are_recorded()
    {
        var store = await TestStore.CreateAsync();
        var journal = new RunJournal(store.Versions);
        foreach (var code in new int?[] { null, 0, 3, -1073741819 })
        {
            var id = RunId.Parse($"run{code}");
            await journal.StartAsync(SampleRun(id), Token);
            var errors = new RunErrors();
            for (var i = 0; i < (code == 0 ? 150 : 0); i++)
                errors.Add($"error {i} {new string('x', 3000)}");
            var ending = errors.Complete(RunEnding.Success with { ExitCode = code });
            await journal.StopAsync(id, ending, Token);
            var run = (await journal.FindAsync(id, Token))!;
            Assert.Equal(code, run.Ending!.ExitCode);
            Assert.Equal(code is null ? RunOutcome.Succeeded : RunOutcome.Failed, run.Outcome);
            Assert.Equal(code == 0 ? 101 : 0, run.Ending.Errors.Count);
            Assert.Equal(code is null, run.Message is null);
            Assert.All(run.Ending.Errors, error => Assert.InRange(error.Length, 1, 2000));
        }
    }

    private static RunRecord SampleRun(RunId id) =>
        new()
        {
            Id = id,
            Name = "sample",
            User = "user",
            Machine = "machine",
            StartedAt = DateTimeOffset.UnixEpoch,
        };
}

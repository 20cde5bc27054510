using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;
using Measurement = ArtifactsPS.Benchmarks.Measuring.Measurement;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary><c>contributions</c>: compares completing a version of many contributions with publishing the same files at once,
/// in pairs.</summary>
internal static class ContributionsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count")
        {
            Description = "Number of contributions.",
            DefaultValueFactory = _ => 1000,
        };
        var rounds = new Option<int>("--rounds") { Description = "Number of pairs.", DefaultValueFactory = _ => 5 };
        var command = new Command(
            "contributions",
            "Compares completing a version of many contributions with publishing the same files at once."
        )
        {
            count,
            rounds,
        };
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(count), parsed.GetValue(rounds), token));
        return command;
    }

    private static async Task<int> RunAsync(int count, int rounds, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("artifacts-contributions-").FullName;
            try
            {
                var (complete, publish) = await MeasureAsync(folder, count, cancellationToken).ConfigureAwait(false);
                await Console
                    .Out.WriteLineAsync(
                        string.Format(
                            CultureInfo.InvariantCulture,
                            "complete: {0:0} ms, processor {1:0} ms. publish: {2:0} ms, processor {3:0} ms. "
                                + "Ratio: {4:0.00}, processor {5:0.00}.",
                            complete.Time.TotalMilliseconds,
                            complete.Processor.TotalMilliseconds,
                            publish.Time.TotalMilliseconds,
                            publish.Processor.TotalMilliseconds,
                            complete.Time / publish.Time,
                            complete.Processor / publish.Processor
                        )
                    )
                    .ConfigureAwait(false);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return 0;
    }

    private static async Task<(Measurement Complete, Measurement Publish)> MeasureAsync(
        string folder,
        int count,
        CancellationToken cancellationToken
    )
    {
        var name = ArtifactName.Parse("results");
        var id = DistributedId.Parse("group");
        var shared = await CreateAsync(Path.Combine(folder, "shared"), cancellationToken).ConfigureAwait(false);
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        for (var i = 0; i < count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"part-{i:D5}.bin");
            var bytes = ContentOf(i);
            await File.WriteAllBytesAsync(Path.Combine(files, path), bytes, cancellationToken).ConfigureAwait(false);
            await using var draft = Begin(shared, name);
            await draft
                .AddBytesAsync(EntryPath.Parse(path), bytes, replace: false, cancellationToken)
                .ConfigureAwait(false);
            var writer = string.Create(CultureInfo.InvariantCulture, $"writer{i}");
            await DraftContributor
                .ContributeAsync(draft, id, writer, runId: null, cancellationToken)
                .ConfigureAwait(false);
        }
        var single = await CreateAsync(Path.Combine(folder, "single"), cancellationToken).ConfigureAwait(false);
        var publish = await TimeAsync(async () =>
            {
                await using var draft = Begin(single, name);
                using var adder = new FileAdder(
                    draft,
                    replace: false,
                    new ResultList<ItemFailure>(),
                    new TransferProgress(),
                    cancellationToken
                );
                await adder.AddAsync(new FolderScanner(files), "").ConfigureAwait(false);
                await adder.CompleteAsync().ConfigureAwait(false);
                await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
            })
            .ConfigureAwait(false);
        var options = new CompletionOptions { Contributor = "completer" };
        var complete = await TimeAsync(() =>
                new DistributedCompleter(new DistributedLog(shared, name, id), options).CompleteAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        return (complete, publish);
    }

    private static async Task<Measurement> TimeAsync(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await work().ConfigureAwait(false);
        var took = watch.Elapsed;
        process.Refresh();
        return new Measurement(took, process.TotalProcessorTime - before, 0);
    }

    private static Task<VersionStore> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return VersionStore.CreateAsync(new FolderObjectStore(folder), cancellationToken);
    }

    private static ArtifactDraft Begin(VersionStore store, ArtifactName name) =>
        ArtifactDraft.Begin(store, name, TypeName.Parse("data"), []);

    // About 1 kB that does not shrink.
    private static byte[] ContentOf(int index)
    {
        var bytes = new byte[1000];
        new Random(index).NextBytes(bytes);
        return bytes;
    }
}

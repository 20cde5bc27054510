using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;
using LinuxProcess = ArtifactsPS.Benchmarks.Measuring.LinuxProcess;
using Measurement = ArtifactsPS.Benchmarks.Measuring.Measurement;
using Spread = ArtifactsPS.Benchmarks.Measuring.Spread;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary><c>populated</c>: compares a first publish into a store with many blobs with one into an empty store, in pairs.</summary>
internal static class PopulatedCommand
{
    private const int FileSize = 1000;
    private const int Folders = 20;

    public static Command Create()
    {
        var blobs = new Option<int>("--blobs")
        {
            Description = "Number of blobs that the store has.",
            DefaultValueFactory = _ => 10_000_000,
        };
        var files = new Option<int>("--files")
        {
            Description = "Number of published files, all new.",
            DefaultValueFactory = _ => 20_000,
        };
        var rounds = new Option<int>("--rounds") { Description = "Number of pairs.", DefaultValueFactory = _ => 7 };
        var command = new Command(
            "populated",
            "Compares a first publish into a large store with one into an empty store."
        )
        {
            blobs,
            files,
            rounds,
        };
        command.SetAction(
            (parsed, token) => RunAsync(parsed.GetValue(blobs), parsed.GetValue(files), parsed.GetValue(rounds), token)
        );
        return command;
    }

    private static async Task<int> RunAsync(int blobs, int files, int rounds, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("artifacts-populated-").FullName;
        Environment.SetEnvironmentVariable(CacheFolder.Variable, Path.Combine(folder, "cache"));
        try
        {
            var data = CreateFiles(Path.Combine(folder, "data"), files);
            var populated = await PopulatedStore
                .CreateAsync(Path.Combine(folder, "blobs"), blobs, cancellationToken)
                .ConfigureAwait(false);
            var times = new List<double>();
            var processor = new List<double>();
            // The first round loads and compiles code.
            for (var round = -1; round < rounds; round++)
            {
                var empty = await MeasureAsync(folder, data, populated: null, cancellationToken).ConfigureAwait(false);
                var large = await MeasureAsync(folder, data, populated, cancellationToken).ConfigureAwait(false);
                if (round < 0)
                    continue;
                times.Add(large.Time / empty.Time);
                processor.Add(large.Processor / empty.Processor);
                await Console
                    .Out.WriteLineAsync(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"empty: {Text(empty)}. {blobs:n0} blobs: {Text(large)}. Ratio: {times[^1]:0.00}, processor {processor[^1]:0.00}."
                        )
                    )
                    .ConfigureAwait(false);
            }
            await Console
                .Out.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Median ratio: {new Spread(times).Median:0.00}, processor {new Spread(processor).Median:0.00}."
                    )
                )
                .ConfigureAwait(false);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(Measurement measured) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{measured.Time.TotalMilliseconds:0} ms, processor {measured.Processor.TotalMilliseconds:0} ms"
        );

    private static string CreateFiles(string folder, int files)
    {
        for (var i = 0; i < Folders; i++)
            Directory.CreateDirectory(Path.Combine(folder, FolderOf(i)));
        var bytes = new byte[FileSize];
        for (var i = 0; i < files; i++)
        {
            RandomBytes.Fill(bytes, (ulong)i);
            File.WriteAllBytes(
                Path.Combine(folder, FolderOf(i % Folders), i.ToString("D6", CultureInfo.InvariantCulture)),
                bytes
            );
        }
        return folder;

        static string FolderOf(int index) => index.ToString("D2", CultureInfo.InvariantCulture);
    }

    // Each publish has a store and caches of its own.
    private static async Task<Measurement> MeasureAsync(
        string folder,
        string data,
        PopulatedStore? populated,
        CancellationToken cancellationToken
    )
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, "store")).FullName;
        await VersionStore.CreateAsync(new FolderObjectStore(path), cancellationToken).ConfigureAwait(false);
        populated?.LinkTo(path);
        GC.Collect();
        LinuxProcess.FlushAll();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await PublishAsync(path, data, cancellationToken).ConfigureAwait(false);
        var took = watch.Elapsed;
        process.Refresh();
        var measured = new Measurement(took, process.TotalProcessorTime - before, 0);
        Directory.Delete(path, recursive: true);
        if (Directory.Exists(Path.Combine(folder, "cache")))
            Directory.Delete(Path.Combine(folder, "cache"), recursive: true);
        return measured;
    }

    private static async Task PublishAsync(string path, string data, CancellationToken cancellationToken)
    {
        var store = await VersionStore.OpenAsync(new FolderObjectStore(path), cancellationToken).ConfigureAwait(false);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("data"), []);
        var failures = new ResultList<ItemFailure>();
        using var adder = new FileAdder(draft, replace: false, failures, new TransferProgress(), cancellationToken);
        await adder.AddAsync(new FolderScanner(data), "").ConfigureAwait(false);
        await adder.CompleteAsync().ConfigureAwait(false);
        foreach (var failure in failures)
            throw failure.Exception;
        await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
    }
}

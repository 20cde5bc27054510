using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Benchmarks.Parts;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary><c>writers</c>: many writers publish to the same artifacts at once, over a store that is as slow as a service.</summary>
internal static class WritersCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many writers.", DefaultValueFactory = _ => 1000 };
        var artifacts = new Option<int>("--artifacts")
        {
            Description = "How many artifacts they share.",
            DefaultValueFactory = _ => 1,
        };
        var latency = new Option<int>("--latency")
        {
            Description = "What a request takes, in milliseconds.",
            DefaultValueFactory = _ => 30,
        };
        var command = new Command("writers", "Lets many writers publish at once, over a store as slow as a service.")
        {
            count,
            artifacts,
            latency,
        };
        command.SetAction(
            (parsed, token) =>
                RunAsync(
                    parsed.GetValue(count),
                    parsed.GetValue(artifacts),
                    TimeSpan.FromMilliseconds(parsed.GetValue(latency)),
                    token
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        int writers,
        int artifacts,
        TimeSpan latency,
        CancellationToken cancellationToken
    )
    {
        var memory = new MemoryStore();
        await VersionStore.CreateAsync(memory, cancellationToken).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        var published = await Task.WhenAll(
                Enumerable.Range(0, writers).Select(i => PublishAsync(memory, i, artifacts, latency, cancellationToken))
            )
            .ConfigureAwait(false);
        var took = watch.Elapsed;
        var requests = published.Select(writer => writer.Requests).Order().ToList();
        var times = published.Select(writer => writer.Took).Order().ToList();
        await Console
            .Out.WriteLineAsync(
                string.Format(
                    CultureInfo.InvariantCulture,
                    "{0} writers, {1} artifacts, {2:0} ms a request: {3:0.0} s in all, {4:0.0} versions a second, {5} failed. "
                        + "A writer: {6} requests ({7} at most), {8:0.0} s ({9:0.0} s at most).",
                    writers,
                    artifacts,
                    latency.TotalMilliseconds,
                    took.TotalSeconds,
                    writers / took.TotalSeconds,
                    published.Count(writer => writer.Failure is not null),
                    requests[requests.Count / 2],
                    requests[^1],
                    times[times.Count / 2].TotalSeconds,
                    times[^1].TotalSeconds
                )
            )
            .ConfigureAwait(false);
        foreach (
            var failure in published
                .Select(writer => writer.Failure)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Take(3)
        )
            await Console.Out.WriteLineAsync(failure).ConfigureAwait(false);
        return 0;
    }

    // Each writer is a process of its own as far as the store goes: it knows what it has read itself.
    private static async Task<(long Requests, TimeSpan Took, string? Failure)> PublishAsync(
        MemoryStore memory,
        int writer,
        int artifacts,
        TimeSpan latency,
        CancellationToken cancellationToken
    )
    {
        var store = new LatentStore(memory, latency);
        var watch = Stopwatch.StartNew();
        string? failure = null;
        try
        {
            var versions = await VersionStore.OpenAsync(store, cancellationToken).ConfigureAwait(false);
            var name = string.Format(CultureInfo.InvariantCulture, "model-{0}", writer % artifacts);
            await using var draft = ArtifactDraft.Begin(versions, name, "model", []);
            await draft
                .AddBytesAsync(EntryPath.Parse("weights"), BitConverter.GetBytes(writer), false, cancellationToken)
                .ConfigureAwait(false);
            await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactsException e)
        {
            failure = e.Message;
        }
        return (store.Requests, watch.Elapsed, failure);
    }
}

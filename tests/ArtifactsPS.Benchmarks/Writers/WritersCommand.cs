using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Benchmarks.Parts;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Writers;

/// <summary><c>writers</c>: lets many writers publish to the same artifacts at once, to a store as slow as a remote one.</summary>
internal static class WritersCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Number of writers.", DefaultValueFactory = _ => 1000 };
        var artifacts = new Option<int>("--artifacts")
        {
            Description = "Number of artifacts that the writers share.",
            DefaultValueFactory = _ => 1,
        };
        var latency = new Option<int>("--latency")
        {
            Description = "Duration of a request in milliseconds.",
            DefaultValueFactory = _ => 30,
        };
        var command = new Command("writers", "Lets many writers publish at once to a store as slow as a remote one.")
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
                    "{0} writers, {1} artifacts, {2:0} ms per request: {3:0.0} s in total, {4:0.0} versions per second, {5} failed. "
                        + "Median per writer: {6} requests (maximum {7}), {8:0.0} s (maximum {9:0.0} s).",
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

    // Each writer opens the store itself, as a separate process would: they share no cache.
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
            await using var draft = ArtifactDraft.Begin(
                versions,
                ArtifactName.Parse(name),
                TypeName.Parse("model"),
                []
            );
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

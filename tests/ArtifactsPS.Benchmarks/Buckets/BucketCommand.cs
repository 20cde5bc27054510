using System.CommandLine;
using System.Globalization;
using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;
using ArtifactsPS.Benchmarks.Reports;
using ArtifactsPS.Tests.Servers;
using Command = System.CommandLine.Command;
using Step = ArtifactsPS.Benchmarks.Measuring.Command;

namespace ArtifactsPS.Benchmarks.Buckets;

/// <summary><c>bucket FOLDER</c>: publishes and restores a folder through a slow line, in turn with rclone, which copies the same
/// bytes: the objects of a local store with that version.</summary>
internal static class BucketCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Folder to publish." };
        var host = new Option<string>("--host")
        {
            Description = "artifacts.dll or self-contained Host to measure.",
            DefaultValueFactory = _ => HostLocator.Default,
        };
        var milliseconds = new Option<int>("--milliseconds")
        {
            Description = "Duration of a request, in addition to the server's.",
            DefaultValueFactory = _ => 20,
        };
        var runs = new Option<int>("--runs") { Description = "Number of rounds.", DefaultValueFactory = _ => 3 };
        var timelineFile = new Option<FileInfo>("--timeline")
        {
            Description = "File to which the times of all requests are written.",
        };
        var command = new Command("bucket", "Compares with rclone in a bucket of Ceph on this machine, with latency.")
        {
            folder,
            host,
            milliseconds,
            runs,
            timelineFile,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                if (RadosGateway.Missing is { } reason)
                {
                    Console.Error.WriteLine(reason);
                    return 1;
                }
                using var server = await RadosGateway.StartAsync();
                var timeline = parsed.GetValue(timelineFile) is null ? null : new RequestTimeline();
                var roundTrip = TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds));
                using var proxy = new LatencyProxy(server.Port, roundTrip, timeline);
                var work = Directory.CreateTempSubdirectory("artifacts-bucket-");
                try
                {
                    var run = new BucketRun(
                        parsed.GetRequiredValue(host),
                        parsed.GetRequiredValue(folder).FullName,
                        work.FullName,
                        proxy,
                        timeline
                    );
                    Console.WriteLine(run.Measure(parsed.GetValue(runs)));
                    timeline?.Save(parsed.GetRequiredValue(timelineFile).FullName);
                    return 0;
                }
                finally
                {
                    work.Delete(recursive: true);
                }
            }
        );
        return command;
    }

    /// <param name="work">Folder for stores and restored files.</param>
    private sealed class BucketRun(string host, string data, string work, LatencyProxy proxy, RequestTimeline? timeline)
    {
        private string LocalStore => Path.Combine(work, "local");

        private string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}");

        private IReadOnlyList<(string Name, string Value)> Environment =>
            [
                ("HOME", Path.Combine(work, "home")),
                ("XDG_CACHE_HOME", Path.Combine(work, "home")),
                ("XDG_DATA_HOME", Path.Combine(work, "home")),
                ("AWS_ENDPOINT_URL", Endpoint),
                ("AWS_ACCESS_KEY_ID", RadosGateway.AccessKey),
                ("AWS_SECRET_ACCESS_KEY", RadosGateway.SecretKey),
                ("AWS_REGION", "us-east-1"),
            ];

        public MarkdownTable Measure(int runs)
        {
            var table = new MarkdownTable(
                2,
                "work",
                "program",
                "median",
                "range",
                "processor",
                "memory",
                "sent",
                "received"
            );
            _ = Run("prepare", Line($"$null = New-ArtifactStore '{LocalStore}'; {Publish(LocalStore)}"));
            var objects = Path.Combine(LocalStore, "objects");
            var (ours, theirs) = (new List<Sample>(), new List<Sample>());
            var (restored, copied, changed) = (new List<Sample>(), new List<Sample>(), new List<Sample>());
            for (var run = 1; run <= runs; run++)
            {
                var store = string.Create(CultureInfo.InvariantCulture, $"s3://{RadosGateway.Bucket}/store{run}");
                var bucket = string.Create(CultureInfo.InvariantCulture, $":s3:{RadosGateway.Bucket}/objects{run}");
                ForgetCaches();
                _ = Run("prepare", Line($"$null = New-ArtifactStore '{store}'"));
                ours.Add(Run("publish", Line(Publish(store))));
                theirs.Add(Run("rclone up", Copy(objects, bucket)));
                ForgetCaches();
                restored.Add(
                    Run("restore", Line($"$null = Save-Artifact data '{Target("restored")}' -Store '{store}'"))
                );
                copied.Add(Run("rclone down", Copy(bucket, Target("copied"))));
                changed.Add(
                    Run(
                        "change",
                        Line(
                            $"$null = New-ArtifactDraft data -Store '{store}' | Add-ArtifactFile '{host}' -Name new.bin | Publish-Artifact"
                        )
                    )
                );
            }
            Add(table, "First publish", "artifacts", ours);
            Add(table, "", "rclone copy", theirs);
            Add(table, "Restore without a cache", "artifacts", restored);
            Add(table, "", "rclone copy", copied);
            Add(table, "Publish one more file", "artifacts", changed);
            return table;
        }

        private static void Add(MarkdownTable table, string work, string program, List<Sample> samples)
        {
            var time = new Spread(samples.Select(sample => sample.Used.Time.TotalSeconds));
            var processor = new Spread(samples.Select(sample => sample.Used.Processor.TotalSeconds));
            table.Add(
                work,
                program,
                string.Create(CultureInfo.InvariantCulture, $"{time.Median:F2} s"),
                string.Create(CultureInfo.InvariantCulture, $"{time.Min:F2}–{time.Max:F2} s"),
                string.Create(CultureInfo.InvariantCulture, $"{processor.Median:F2} s"),
                Megabytes(samples.Max(sample => sample.Used.PeakMemory)),
                Megabytes(samples[0].Sent),
                Megabytes(samples[0].Received)
            );
        }

        private static string Megabytes(long bytes) =>
            string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");

        // Deleted files make creating new ones slower for a while, and PowerShell's own profile of its start remains.
        private void ForgetCaches() =>
            Trees.SetAside(Path.Combine(work, "home", "ArtifactsPS"), Path.Combine(work, "aside"));

        private string Target(string name)
        {
            var folder = Path.Combine(work, name);
            Trees.SetAside(folder, Path.Combine(work, "aside"));
            return folder;
        }

        private string Publish(string store) =>
            $"$null = New-Artifact data dataset -Store '{store}' | Add-ArtifactDirectory '{data}' | Publish-Artifact";

        private Step Line(string line) =>
            ArtifactsPeer.CommandOf(host, "-c", $"$ErrorActionPreference = 'Stop'; {line}") with
            {
                Environment = Environment,
            };

        private Step Copy(string from, string to) =>
            new("rclone", "copy", from, to, "--s3-provider", "Ceph", "--s3-env-auth")
            {
                Environment = [.. Environment, ("RCLONE_S3_ENDPOINT", Endpoint)],
            };

        private Sample Run(string name, Step command)
        {
            if (timeline is not null)
                timeline.Work = name;
            Directory.CreateDirectory(Path.Combine(work, "home"));
            LinuxProcess.FlushAll();
            var (sent, received) = (proxy.Sent, proxy.Received);
            var measurement = ProcessTimer.Run(command);
            return new Sample(measurement, proxy.Sent - sent, proxy.Received - received);
        }

        private sealed record Sample(Measurement Used, long Sent, long Received);
    }
}

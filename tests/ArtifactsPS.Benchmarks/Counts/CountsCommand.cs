using System.CommandLine;
using System.Text.Json;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Counts;

/// <summary><c>counts</c>: counts the work of common commands, and compares with saved counts.</summary>
internal static class CountsCommand
{
    private const int Files = 2000;
    private const int LargeSize = 12 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly Option<FileInfo?> Check = new("--check")
    {
        Description = "File of saved counts. The command fails if a count is higher.",
    };

    private static readonly Option<FileInfo?> Save = new("--save") { Description = "File to save the counts in." };

    public static Command Create()
    {
        var command = new Command("counts", "Counts reads, writes, allocations and bytes of common commands.")
        {
            Check,
            Save,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("Reads and writes are counted on Linux only.");
            return 1;
        }
        var counts = await MeasureAsync(cancellationToken).ConfigureAwait(false);
        Console.WriteLine(JsonSerializer.Serialize(counts, Json));
        if (parsed.GetValue(Save) is { } target)
            await File.WriteAllTextAsync(
                    target.FullName,
                    JsonSerializer.Serialize(counts, Json) + "\n",
                    cancellationToken
                )
                .ConfigureAwait(false);
        if (parsed.GetValue(Check) is not { } saved)
            return 0;
        var earlier = JsonSerializer.Deserialize<List<WorkCounts>>(
            await File.ReadAllTextAsync(saved.FullName, cancellationToken).ConfigureAwait(false),
            Json
        )!;
        var excesses = counts.Zip(earlier, (now, then) => now.Excesses(then)).SelectMany(lines => lines).ToList();
        foreach (var excess in excesses)
            Console.Error.WriteLine(excess);
        if (excesses.Count > 0)
            Console.Error.WriteLine($"If this is meant, save the new counts: counts --save {saved}");
        return excesses.Count == 0 && counts.Count == earlier.Count ? 0 : 1;
    }

    private static async Task<List<WorkCounts>> MeasureAsync(CancellationToken cancellationToken)
    {
        var cache = Directory.CreateTempSubdirectory("artifacts-cache-");
        Environment.SetEnvironmentVariable(CacheFolder.Variable, cache.FullName);
        try
        {
            // The first run loads assemblies and fills pools.
            using (var first = new CountedRun())
                await first.RunAsync(20, 9 << 20, cancellationToken).ConfigureAwait(false);
            using var run = new CountedRun();
            return await run.RunAsync(Files, LargeSize, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }
}

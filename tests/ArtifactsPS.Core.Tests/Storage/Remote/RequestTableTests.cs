using System.Globalization;
using ArtifactsPS.Benchmarks.Requests;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>The table of requests in <c>docs/stores.md</c>.</summary>
public sealed class RequestTableTests
{
    private const int Files = 500;
    private const int FilesInFolder = 50;
    private const int Size = 4 << 10;
    private const int CountColumns = 5;

    // A block of the cache may begin within the bytes of a file.
    private const int Tolerance = 1;

    private const string Unchanged = "again, unchanged";

    [Fact]
    public async Task Documented_requests_are_those_that_commands_send()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var bytes = new byte[Size];
        for (var i = 0; i < Files; i++)
        {
            random.NextBytes(bytes);
            var file = folder[$"files/{i / FilesInFolder}/{i}"];
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes, Token);
        }
        var table = new StringWriter();
        using (var run = new RequestsRun(folder["files"], table))
            await run.MeasureFilesAsync(Token);

        var measured = RowsOf(table.ToString());
        var page = await File.ReadAllTextAsync(Path.Combine(TestServers.Repository, "docs", "stores.md"), Token);
        var documented = RowsOf(page[page.IndexOf("| what is done | PUT |", StringComparison.Ordinal)..]);
        Assert.True(
            measured.Count <= documented.Count
                && measured.Zip(documented).All(rows => AreSame(rows.First, rows.Second)),
            $"The table in docs/stores.md must be:\n{table}"
        );
    }

    // Files that were written within the last moments are read again, which takes more requests than later.
    private static bool AreSame(string[] measured, string[] documented) =>
        measured.Length == documented.Length
        && measured[0] == documented[0]
        && Enumerable
            .Range(1, CountColumns)
            .All(column =>
                Number(measured[column]) - Number(documented[column]) is <= Tolerance and var more
                && (more >= -Tolerance || measured[0] == Unchanged)
            );

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static List<string[]> RowsOf(string text) =>
        [
            .. text.Split('\n')
                .SkipWhile(line => !line.StartsWith("|--", StringComparison.Ordinal))
                .Skip(1)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
}

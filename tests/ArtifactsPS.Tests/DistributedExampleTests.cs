using ArtifactsPS.Tests.Host;
using ArtifactsPS.Tests.Servers;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests;

[Collection(SerialCollection.Name)] // It starts six processes.
public sealed class DistributedExampleTests
{
    private const int Files = 20;
    private const int Learnt = 4;

    [Theory]
    [InlineData("s3")]
    [InlineData("az")]
    public async Task Four_processes_make_a_version_in_a_bucket(string scheme) =>
        Run("artifacts", ["-Location", await TestServers.LocationAsync(scheme)]);

    [Fact]
    public void Four_processes_make_a_version_that_a_fifth_completes() => Run("pwsh", []);

    private static void Run(string program, string[] arguments)
    {
        using var temp = new TempFolder();
        var source = Directory.CreateDirectory(Path.Combine(temp.Path, "my data [1]")).FullName;
        for (var i = 0; i < Files; i++)
            File.WriteAllText(
                Path.Combine(source, i % 2 == 0 ? $"{i:00}.cs" : $"{i:00} ü.md"),
                i % 2 == 0 ? $"using System; namespace N{i}; class C {{ }}" : $"# Title {i}\nSome words to read."
            );

        var example = Path.Combine(Suite.RepositoryRoot, "examples", "distributed.ps1");
        var run = ShellProcess.Run(program, [example, "-Source", source, .. arguments]);

        Assert.Contains(". Delete the ", run.Output, StringComparison.Ordinal);
        var work = run.Output.Split(". Delete the ")[0].Split(" are in ")[^1];
        try
        {
            Assert.Equal("", run.Errors);
            Assert.Equal(0, run.ExitCode);
            Assert.Matches($"files +v0 +dataset +{Files} ", run.Output);
            var said = run
                .Output.Split('\n')
                .Where(line => line.StartsWith("process ", StringComparison.Ordinal))
                .ToArray();
            Assert.Equal(5, said.Select(line => line.Split(',', ':')[0]).Distinct(StringComparer.Ordinal).Count());
            for (var shard = 0; shard < 4; shard++)
                Assert.Contains(
                    $", shard {shard}: 4 files, 4 guessed correctly;",
                    said[shard],
                    StringComparison.Ordinal
                );
            for (var number = 1; number <= 4; number++)
                Assert.Single(
                    said,
                    line => line.Contains($"contribution {number} to 'evaluation-", StringComparison.Ordinal)
                );
            Assert.Contains("guesses:v0 has 4 files of 4 writers", said[4], StringComparison.Ordinal);
            Assert.Matches("guesses +v0 +evaluation +4 .* latest, reviewed", run.Output);
            Assert.Contains(
                $"{Files - Learnt} of {Files - Learnt} guesses are correct.",
                run.Output,
                StringComparison.Ordinal
            );
            Assert.Matches("-1 +Run +guess-3 +files:v0, words:v0", run.Output);
            Assert.Contains("flowchart LR", run.Output, StringComparison.Ordinal);
            Assert.Contains("[\"guesses:v0\"]", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            if (arguments.Length == 0)
                TempFolder.Delete(work);
        }
    }
}

using System.Diagnostics;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Completion on a store of a thousand artifacts, in a process that has completed before.</summary>
[Collection(AloneCollection.Name)]
public sealed class CompletionSpeedTests(CompletionSpeedTests.LargeStore store)
    : IClassFixture<CompletionSpeedTests.LargeStore>
{
    private const int Tries = 5;
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("Get-Artifact ", "artifact0000")]
    [InlineData("Get-Artifact artifact05", "artifact0500")]
    [InlineData("Get-Artifact artifact0500:", "artifact0500:latest")]
    [InlineData("Set-ArtifactAlias artifact0500 -Alias ", "prod0500")]
    [InlineData("Get-ArtifactContent artifact0500 f", "file.txt")]
    [InlineData("Get-Artifact -Type ", "type0")]
    [InlineData("Get-Artifact -Tag ", "tag0")]
    [InlineData("Get-Artifact -Alias ", "prod0000")]
    [InlineData("Get-ArtifactRun -Group ", "group0")]
    [InlineData("Get-Artifact -Store ", "large")]
    public void Completing_takes_no_longer_than_a_keystroke_may(string line, string first)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < Tries; i++)
        {
            var watch = Stopwatch.StartNew();
            var completions = store.Session.Texts(
                "[Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches.CompletionText",
                line
            );
            watch.Stop();
            Assert.Equal(first, completions[0]);
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{line}: {fastest.TotalMilliseconds:0} ms");

        // Others may have the processor now and then: the fastest of a few tries tells what it takes.
        Assert.InRange(fastest, TimeSpan.Zero, Promised);
    }

    [Fact]
    public void All_names_are_completed_even_if_not_all_artifacts_could_be_read() =>
        Assert.Equal(
            1000,
            store
                .Session.Texts(
                    "[Management.Automation.CommandCompletion]::CompleteInput('Get-Artifact a', 14, $null).CompletionMatches.CompletionText"
                )
                .Count(name => name.StartsWith("artifact", StringComparison.OrdinalIgnoreCase))
        );

    public sealed class LargeStore : IDisposable
    {
        public LargeStore() =>
            Session.Run(
                """
                for ($i = 0; $i -lt 1000; $i++) {
                    $number = $i.ToString('d4')
                    $null = $number | Add-ArtifactObject -Artifact ($draft = New-Artifact "artifact$number" "type$($i % 7)") -Name file.txt
                    $null = Publish-Artifact $draft -Alias "prod$number" -Tag "tag$($i % 5)"
                    if ($i % 10 -eq 0) {
                        $null = Start-ArtifactRun -Name "run$i" -Group "group$($i % 30)"
                        $null = Stop-ArtifactRun
                    }
                }
                Register-ArtifactStore large $args[0]
                """,
                Session.Store
            );

        public PowerShellSession Session { get; } = new();

        public void Dispose()
        {
            Session.Try("Unregister-ArtifactStore large");
            Environment.SetEnvironmentVariable("ARTIFACTS_RUN_ID", null);
            Environment.SetEnvironmentVariable("ARTIFACTS_RUN_GROUP", null);
            Session.Dispose();
        }
    }
}

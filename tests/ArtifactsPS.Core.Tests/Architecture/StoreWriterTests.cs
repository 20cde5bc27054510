using System.Text.RegularExpressions;
using ArtifactsPS.Core.Tests.Style;

namespace ArtifactsPS.Core.Tests.Architecture;

/// <summary>A commit without an intent can lose its objects, so one type alone creates intents.</summary>
public sealed partial class StoreWriterTests
{
    [Fact]
    public void Only_StoreWriter_creates_intents() => Assert.Equal(["StoreWriter.cs"], Callers());

    private static List<string> Callers() =>
        [
            .. new DirectoryInfo(Path.Combine(Repository.Root, "src", "ArtifactsPS.Core"))
                .EnumerateFiles("*.cs", SearchOption.AllDirectories)
                .Where(file => IntentCreation().IsMatch(File.ReadAllText(file.FullName)))
                .Select(file => file.Name),
        ];

    [GeneratedRegex(@"CommitIntent\s*\.CreateAsync\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex IntentCreation();
}

using System.Text.RegularExpressions;
using ArtifactsPS.Core.Tests.Style;

namespace ArtifactsPS.Core.Tests.Architecture;

/// <summary>A commit that forgets to protect its objects loses data, so one type alone does it.</summary>
public sealed partial class StoreWriterTests
{
    [Fact]
    public void Only_StoreWriter_protects_objects_before_a_commit() => Assert.Equal(["StoreWriter.cs"], Callers());

    private static List<string> Callers() =>
        [
            .. new DirectoryInfo(Path.Combine(Repository.Root, "src", "ArtifactsPS.Core"))
                .EnumerateFiles("*.cs", SearchOption.AllDirectories)
                .Where(file => file.Name != "ObjectProtection.cs")
                .Where(file => ProtectCall().IsMatch(File.ReadAllText(file.FullName)))
                .Select(file => file.Name),
        ];

    [GeneratedRegex(@"\.(HoldAsync|ProtectAsync)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ProtectCall();
}

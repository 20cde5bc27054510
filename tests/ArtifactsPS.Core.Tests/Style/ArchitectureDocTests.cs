using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Tests.Style;

/// <summary>Compares <c>docs/architecture.md</c> with the repository.</summary>
public sealed partial class ArchitectureDocTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    [Fact]
    public void Paths_exist()
    {
        var paths = RepositoryPath().Matches(Page).Select(match => match.Groups["path"].Value).Distinct().ToList();
        Assert.True(paths.Count > 20, "The page names few files of the repository.");
        var missing = paths.FindAll(path => !Path.Exists(Path.Combine(Repository.Root, path)));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_room_of_Core_is_described()
    {
        var rooms = Directory
            .GetDirectories(Path.Combine(Repository.Root, "src", "ArtifactsPS.Core"))
            .Select(Path.GetFileName)
            .Except(["bin", "obj"])
            .ToList();
        var missing = rooms.FindAll(room => !Page.Contains($"src/ArtifactsPS.Core/{room}/", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    // In backticks, from the repository's root.
    [GeneratedRegex(
        "`(?<path>(src|tests|docs|module|examples)/[^`<>*]+(\\.cs|/))`",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex RepositoryPath();
}

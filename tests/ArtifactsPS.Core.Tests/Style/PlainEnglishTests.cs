using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Tests.Style;

/// <summary>Searches sources, tests, help and documentation for the phrases in <c>banned-phrases.txt</c>.</summary>
public sealed class PlainEnglishTests
{
    private static readonly string[] Roots =
    [
        "src",
        "tests",
        "docs",
        "examples",
        "module",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ];

    private static readonly string[] Extensions = [".cs", ".ps1", ".psm1", ".psd1", ".ps1xml", ".md", ".txt"];
    private static readonly string[] IgnoredFolders = ["bin", "obj", "node_modules", "vendor", "Style", "out"];

    [Fact]
    public void Texts_contain_no_banned_phrase()
    {
        var phrases = Phrases();
        var files = Roots.SelectMany(root => FilesBelow(Path.Combine(Repository.Root, root)));
        var found = files.SelectMany(file =>
            Search(Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file), phrases)
        );
        Assert.Empty(found);
    }

    [Fact]
    public void Banned_phrase_is_reported_with_better_words()
    {
        string[] lines = ["// Fine.", "// Written anew by whoever finds it."];
        Assert.Equal(
            [
                "a.cs:2: 'whoever' -> name the subject: the caller, the writer, another process",
                "a.cs:2: 'anew' -> again",
            ],
            Search("a.cs", lines, Phrases())
        );
    }

    [Fact]
    public void Roots_exist() =>
        Assert.All(Roots, root => Assert.NotEmpty(FilesBelow(Path.Combine(Repository.Root, root))));

    private static IEnumerable<string> Search(
        string name,
        string[] lines,
        IReadOnlyList<(Regex Phrase, string Better)> phrases
    ) =>
        from number in Enumerable.Range(1, lines.Length)
        from phrase in phrases
        from match in phrase.Phrase.Matches(lines[number - 1])
        select $"{name}:{number}: '{match.Value}' -> {phrase.Better}";

    private static List<(Regex Phrase, string Better)> Phrases() =>
        [
            .. File.ReadLines(Path.Combine(Folder(), "banned-phrases.txt"))
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split(" -> ", 2))
                .Select(parts =>
                    (new Regex(parts[0].TrimEnd(), RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10)), parts[1].Trim())
                ),
        ];

    private static IEnumerable<string> FilesBelow(string path) =>
        File.Exists(path) ? [path]
        : !Directory.Exists(path) ? []
        : Directory
            .EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file =>
                Extensions.Contains(Path.GetExtension(file))
                && !Path.GetRelativePath(Repository.Root, file)
                    .Split(Path.DirectorySeparatorChar)
                    .Intersect(IgnoredFolders)
                    .Any()
            );

    private static string Folder() => Path.Combine(Repository.Root, "tests", "ArtifactsPS.Core.Tests", "Style");
}

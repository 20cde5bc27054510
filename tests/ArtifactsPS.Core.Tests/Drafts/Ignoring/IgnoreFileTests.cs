using System.Collections.Concurrent;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts.Ignoring;

/// <summary>Paths that ignore files exclude, and the lines that are reported for them.</summary>
public sealed class IgnoreFileTests : IDisposable
{
    private const string IgnoreFile = ".artifactignore";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<ItemFailure> _failures = new();
    private readonly List<IgnoredPath> _ignored = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*.tmp", "a.tmp,x/b.tmp", "a.txt,x/.tmp.txt")]
    [InlineData("/a.txt", "a.txt", "x/a.txt")]
    [InlineData("x/a", "x/a", "y/x/a")]
    [InlineData("bin/", "bin/a,x/bin/b", "y/bin")]
    [InlineData("**/log", "log,x/log,x/y/log/z", "log.txt")]
    [InlineData("x/**", "x/a,x/y/b", "y/x/a")]
    [InlineData("a/**/b", "a/b,a/x/b,a/x/y/b", "a/xb,b")]
    [InlineData("a?c", "abc,a\U0001F600c", "ac,a/c")]
    [InlineData("[a-c]1,[!a-c]2", "a1,d2", "d1,a2")]
    [InlineData("[c-a]1", "c1", "a1,b1")]
    [InlineData("[é-z]1,?.x", "é1,é.x", "z1,éé.x")]
    [InlineData("[]-]x,[[:digit:]]y", "]x,-x,7y", "ax,ay")]
    [InlineData("\\#a,\\!b,c\\*", "#a,!b,c*", "cd")]
    [InlineData("*.log,!keep.log", "a.log", "keep.log,x/keep.log")]
    [InlineData("x,!x/a", "x/a,x/b", "y")]
    [InlineData("x/*,!x/a", "x/b", "x/a")]
    [InlineData("# a,,b ,c\\ ", "b,c ", "a,# a,c")]
    [InlineData("[a,a\\", "", "[a,a,b")]
    public void Ignore_lines_match_as_in_git(string lines, string excluded, string included)
    {
        var paths = $"{excluded},{included}".Split(',').Where(path => path.Length > 0).ToList();
        var names = new FileSystemNames();
        Assert.SkipUnless(paths.TrueForAll(path => names.FaultOf(path, "") is null), "Some names are invalid here.");
        _folder.Write(IgnoreFile, lines.Replace(',', '\n'));
        var expected = included.Split(',').Append(IgnoreFile).Order(StringComparer.Ordinal);
        foreach (var path in paths)
            _folder.Write(path, "");

        Assert.Equal(expected, Scan());
    }

    [Fact]
    public void Innermost_matching_ignore_file_decides()
    {
        var outer = _folder.Write(IgnoreFile, "\uFEFF# comment\r\n*.log\r\ntmp/\r\n");
        var inner = _folder.Write($"x/{IgnoreFile}", "!keep.log\n/y\n");
        foreach (var path in new[] { "a.log", "x/keep.log", "x/b.log", "x/y", "y", "tmp/deep/er" })
            _folder.Write(path, "");

        Assert.Equal([IgnoreFile, $"x/{IgnoreFile}", "x/keep.log", "y"], Scan());
        Assert.Equal(
            [
                new IgnoredPath("a.log", outer, 2),
                new IgnoredPath("tmp/", outer, 3),
                new IgnoredPath("x/b.log", outer, 2),
                new IgnoredPath("x/y", inner, 2),
            ],
            _ignored.OrderBy(ignored => ignored.Path, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Folder_with_unreadable_ignore_file_is_skipped()
    {
        _folder.Write("a", "");
        _folder.Write("x/secret", "");
        var broken = _folder.Link($"x/{IgnoreFile}", _folder["nowhere"]);

        Assert.Equal(["a"], Scan());
        Assert.Equal(broken, Assert.Single(_failures).Item);
    }

    [Fact]
    public void Folder_named_as_ignore_file_is_ordinary_folder()
    {
        _folder.Write($"{IgnoreFile}/a", "*");

        Assert.Equal([$"{IgnoreFile}/a"], Scan());
    }

    [Fact]
    public void Disregarded_ignore_file_is_ordinary_file()
    {
        _folder.Write(IgnoreFile, "*");
        _folder.Write("a", "");

        Assert.Equal([IgnoreFile, "a"], new FolderScanner(_folder.Path).Scan(_failures).Select(file => file.Relative));
    }

    [Fact]
    public void Pathological_pattern_matches_quickly()
    {
        _folder.Write(
            IgnoreFile,
            string.Concat(Enumerable.Repeat("*a", 60)) + "\n" + string.Concat(Enumerable.Repeat("**/a", 60))
        );
        var name = new string('a', 200) + "b";
        _folder.Write($"{name}/{name}", "");

        Assert.Equal([IgnoreFile, $"{name}/{name}"], Scan());
    }

    private IEnumerable<string> Scan() =>
        new FolderScanner(_folder.Path) { ReadsIgnoreFiles = true, OnIgnored = _ignored.Add }
            .Scan(_failures)
            .Select(file => file.Relative)
            .Order(StringComparer.Ordinal);
}

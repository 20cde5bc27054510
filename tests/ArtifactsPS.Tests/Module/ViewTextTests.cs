using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>Exact text of tables and trees.</summary>
public sealed class ViewTextTests : SessionTests
{
    private static readonly int[] Widths = [80, 120];

    public static TheoryData<string, string> ViewsOfVersions() =>
        new()
        {
            {
                "Get-Artifact",
                """
                    Name  Version Type    Files       Size Created  Aliases
                    ----  ------- ----    -----       ---- -------  -------
                    mnist v1      dataset     3   68.4 KiB just now latest
                    words v0      dataset     1        1 B just now latest
                    """
            },
            {
                "Get-Artifact -AllVersions",
                """
                       Artifact: mnist (dataset)

                    Version Files       Size Created  Aliases Tags
                    ------- -----       ---- -------  ------- ----
                    v0          3   68.4 KiB just now prod    reviewed
                    v1          3   68.4 KiB just now latest

                       Artifact: words (dataset)

                    Version Files       Size Created  Aliases Tags
                    ------- -----       ---- -------  ------- ----
                    v0          1        1 B just now latest
                    """
            },
        };

    public static TheoryData<string, string> ViewsOfEntries() =>
        new()
        {
            {
                "Get-ArtifactEntry mnist:v0",
                """
                       Artifact: mnist:v0

                          Size Digest       Path
                          ---- ------       ----
                           3 B 83b97b859aa5 labels.csv
                      68.4 KiB bca09f4a757d raw/0.png
                           1 B a1fce4363854 raw/a b/1
                    """
            },
            {
                "Get-ArtifactEntry mnist:v0 -Tree",
                """
                    mnist:v0 (3 files, 68.4 KiB)
                    ├── labels.csv (3 B)
                    └── raw/ (2 files, 68.4 KiB)
                        ├── 0.png (68.4 KiB)
                        └── a b/ (1 file, 1 B)
                            └── 1 (1 B)
                    """
            },
            {
                "Compare-Artifact mnist:v0 mnist:v1",
                """
                       Differences: mnist:v0 -> mnist:v1

                    Change     Old size   New size Path
                    ------     --------   -------- ----
                    Modified        3 B        5 B labels.csv
                    Added                      0 B new
                    Removed         1 B            raw/a b/1
                    """
            },
            {
                "Test-Artifact mnist . | Where-Object EntryPath -EQ raw/0.png",
                """
                       Artifact: mnist:v1

                    Problem Path      Message
                    ------- ----      -------
                    Missing raw/0.png it is missing
                    """
            },
        };

    [Theory]
    [MemberData(nameof(ViewsOfVersions))]
    [MemberData(nameof(ViewsOfEntries))]
    public void Views_display_exact_text(string script, string expected)
    {
        Session.PublishTexts(
            "mnist",
            ("labels.csv", "0,1"),
            ("raw/0.png", new string('x', 70_000)),
            ("raw/a b/1", "y")
        );
        Session.Run("Set-ArtifactAlias mnist:v0 prod; Set-Artifact mnist:v0 -AddTag reviewed");
        Session.PublishTexts("mnist", ("labels.csv", "0,1,2"), ("raw/0.png", new string('x', 70_000)), ("new", ""));
        Session.PublishTexts("words", ("a", "b"));

        foreach (var width in Widths)
        {
            Session.Host.Width = width;
            var lines = Session.Show(script).ReplaceLineEndings("\n").Trim('\n').Split('\n');
            Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines.Select(line => line.TrimEnd())));
        }
    }

    [Fact]
    public void Long_size_after_many_short_ones_is_complete()
    {
        Session.PublishTexts(
            "many",
            [.. Enumerable.Range(0, 500).Select(i => ($"{i:000}", "1")), ("large", new string('x', 2_000_000))]
        );

        Assert.Contains("1.9 MiB ", Session.Show("Get-ArtifactEntry many"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tree_separates_folders_with_common_prefix()
    {
        Session.PublishTexts("t", ("a-b", ""), ("a/x", ""), ("a/y/z", ""), ("a/y.txt", ""), ("ab/c", ""));

        Assert.Equal(
            [
                "t:v0 (5 files, 0 B)",
                "├── a-b (0 B)",
                "├── a/ (3 files, 0 B)",
                "│   ├── x (0 B)",
                "│   ├── y.txt (0 B)",
                "│   └── y/ (1 file, 0 B)",
                "│       └── z (0 B)",
                "└── ab/ (1 file, 0 B)",
                "    └── c (0 B)",
            ],
            Session.Texts("Get-ArtifactEntry t -Path *, a/x -Tree")
        );
        Assert.Equal(["t:v0 (0 files, 0 B)"], Session.Texts("Get-ArtifactEntry t -Path none* -Tree"));
    }

    [Theory]
    [InlineData(0, "just now")]
    [InlineData(-0.5, "just now")]
    [InlineData(1, "1 minute ago")]
    [InlineData(59.9, "59 minutes ago")]
    [InlineData(60, "1 hour ago")]
    [InlineData(60 * 47, "1 day ago")]
    [InlineData(60 * 24 * 13, "13 days ago")]
    [InlineData(60 * 24 * 14, "2025-12-18")]
    [InlineData(-2, "2026-01-01")]
    public void Recent_times_are_relative_and_old_ones_dates(double minutesAgo, string text) =>
        Assert.Equal(
            [text],
            Session.Texts(
                "$now = [datetime]'2026-01-01T12:00:00'; [ArtifactsPS.Output.RelativeTime]::Format($now.AddMinutes(-$args[0]), $now)",
                minutesAgo
            )
        );
}

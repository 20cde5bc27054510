using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Xml.Linq;

namespace ArtifactsPS.Core.Tests.Runs;

public sealed class LineageTextTests
{
    private static readonly Lineage Small = new(
        [
            Node("data:v0", LineageKind.Version, -1, isGone: true),
            Node("run-1", LineageKind.Run, 0, name: "train"),
            Node("model:v0", LineageKind.Version, 1),
        ],
        [new LineageEdge("data:v0", "run-1"), new LineageEdge("run-1", "model:v0")]
    );

    public static TheoryData<string, string> Labels =>
        new()
        {
            { "say \"hi\"", "say \"hi\"" },
            { "\"", "\"" },
            { "back\\slash", "back\\slash" },
            { "ends in \\", "ends in \\" },
            { "\\\"", "\\\"" },
            // Escape sequences of Graphviz: \N is the node's name, \G the graph's name, \l a left-aligned line end.
            { "\\N \\G \\l \\n", "\\N \\G \\l \\n" },
            { "two\nlines\r\nthree", "two lines three" },
            { "tab\tand\u0001\u0000control", "tab and  control" },
            { "é ü 漢字 \U0001F600", "é ü 漢字 \U0001F600" },
            { "<b>bold</b> a<b>c", "<b>bold</b> a<b>c" },
            { "<", "<" },
            { "a & b", "a & b" },
            { "a &lt; b &amp; &#65; &eacute; &nosuch;", "a &lt; b &amp; &#65; &eacute; &nosuch;" },
            { "{a|b} ; [c] -> d -- e // f /* g */ # h", "{a|b} ; [c] -> d -- e // f /* g */ # h" },
            { "half a pair \ud800", "half a pair \ufffd" },
        };

    [Fact]
    public void Dot_has_boxes_rounded_runs_and_dashed_gone_nodes() =>
        Assert.Equal(
            """
            digraph lineage {
                rankdir=LR;
                node [shape=box];
                n0 [label="data:v0\n(gone)", style="dashed"];
                n1 [label="train\nrun-1", style="rounded"];
                n2 [label="model:v0"];
                n0 -> n1;
                n1 -> n2;
            }

            """.ReplaceLineEndings("\n"),
            LineageText.ToDot(Small)
        );

    [Fact]
    public void Mermaid_has_boxes_rounded_runs_and_dashed_gone_nodes() =>
        Assert.Equal(
            """
            flowchart LR
                n0["data:v0<br/>(gone)"]:::gone
                n1(["train<br/>run-1"])
                n2["model:v0"]
                n0 --> n1
                n1 --> n2
                classDef gone stroke-dasharray: 5 5

            """.ReplaceLineEndings("\n"),
            LineageText.ToMermaid(Small)
        );

    [Fact]
    public void Graphviz_draws_lineage()
    {
        var svg = Draw(LineageText.ToDot(Small));
        Assert.Equal(
            [
                ["data:v0", "(gone)"],
                ["train", "run-1"],
                ["model:v0"],
            ],
            NodesOf(svg)
        );
    }

    [Fact]
    public void Graphviz_draws_lineage_of_one_node()
    {
        var svg = Draw(LineageText.ToDot(new Lineage([Node("model:v0", LineageKind.Version, 0)], [])));
        Assert.Equal(
            [
                ["model:v0"],
            ],
            NodesOf(svg)
        );
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void Graphviz_shows_any_name_unchanged(string name, string expected)
    {
        var lineage = new Lineage([Node("run-1", LineageKind.Run, 0, name)], []);
        Assert.Equal(
            [
                [expected, "run-1"],
            ],
            NodesOf(Draw(LineageText.ToDot(lineage)))
        );
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void Mermaid_label_has_no_special_characters(string name, string _)
    {
        var text = LineageText.ToMermaid(new Lineage([Node("run-1", LineageKind.Run, 0, name)], []));
        var lines = text.Split('\n');
        Assert.Equal(("flowchart LR", 3), (lines[0], lines.Length));
        Assert.StartsWith("    n0([\"", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("<br/>run-1\"])", lines[1], StringComparison.Ordinal);
        var label = lines[1]["    n0([\"".Length..^"<br/>run-1\"])".Length];
        Assert.DoesNotContain(label, c => c is '"' or '<' or '>' or '&' or '`' || char.IsControl(c));
    }

    [Theory]
    [InlineData("%%{init: {}}%%", "#37;#37;#123;init: #123;#125;#125;#37;#37;")]
    [InlineData("1. train", "1#46; train")]
    [InlineData("- item", "#45; item")]
    [InlineData("v1.2-rc", "v1.2-rc")]
    [InlineData("a\\nb", "a#92;nb")]
    [InlineData("#35;", "#35;35#59;")]
    [InlineData("$$x$$", "#36;#36;x#36;#36;")]
    public void Mermaid_syntax_in_name_is_escaped_as_entities(string name, string expected) =>
        Assert.Contains(
            $"([\"{expected}<br/>run-1\"])",
            LineageText.ToMermaid(new Lineage([Node("run-1", LineageKind.Run, 0, name)], [])),
            StringComparison.Ordinal
        );

    private static LineageNode Node(string id, LineageKind kind, int level, string? name = null, bool isGone = false) =>
        new()
        {
            Reference = id,
            Kind = kind,
            Name = name ?? id,
            Level = level,
            IsGone = isGone,
        };

    private static XDocument Draw(string dot)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo("dot", ["-Tsvg"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        Process? graphviz = null;
        try
        {
            graphviz = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no Graphviz (dot) on this machine.");
        }
        using (graphviz)
        {
            var errors = graphviz.StandardError.ReadToEndAsync(Token);
            graphviz.StandardInput.Write(dot);
            graphviz.StandardInput.Close();
            var svg = graphviz.StandardOutput.ReadToEnd();
            graphviz.WaitForExit();
            Assert.True(graphviz.ExitCode == 0, errors.GetAwaiter().GetResult());
            return XDocument.Parse(svg);
        }
    }

    private static IEnumerable<string[]> NodesOf(XDocument svg)
    {
        XNamespace ns = "http://www.w3.org/2000/svg";
        return svg.Descendants(ns + "g")
            .Where(group => (string?)group.Attribute("class") == "node")
            .Select(group => group.Elements(ns + "text").Select(line => line.Value.Replace('\u00A0', ' ')).ToArray());
    }
}

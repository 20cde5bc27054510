using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Runs;

namespace ArtifactsPS.Commands;

/// <summary>How Get-ArtifactLineage writes a lineage.</summary>
public enum LineageForm
{
    /// <summary>One object a version or run.</summary>
    Object,

    /// <summary>A flowchart for Mermaid.</summary>
    Mermaid,

    /// <summary>A digraph for Graphviz.</summary>
    Dot,
}

/// <summary>
/// Shows what a version was made from and what was made from it: the runs that made it and used it, the versions they
/// used and made, and so on.
/// </summary>
/// <example>
/// <code>Get-ArtifactLineage resnet:best</code>
/// Lists the runs that made and used a version, and the versions that they used and made.
/// </example>
/// <example>
/// <code>
/// Get-ArtifactLineage mnist:prod -Direction Downstream | Where-Object Kind -eq Version | ForEach-Object Id
/// </code>
/// Names all versions that were made from <c>mnist:prod</c>, however many runs lie between.
/// </example>
/// <example>
/// <code>Get-ArtifactLineage resnet -As Mermaid</code>
/// Writes a flowchart, to be put into a Markdown file.
/// </example>
/// <seealso cref="UseArtifactCommand"/>
/// <seealso cref="GetArtifactRunCommand"/>
[Cmdlet(VerbsCommon.Get, "ArtifactLineage")]
[OutputType(typeof(ArtifactLineageNode))]
[OutputType(typeof(string))]
public sealed class GetArtifactLineageCommand : ArtifactCmdlet
{
    /// <summary>Upstream to what it was made from, Downstream to what was made from it, or Both.</summary>
    [Parameter]
    public LineageDirection Direction { get; set; } = LineageDirection.Both;

    /// <summary>How many steps to go at the most: from a version to a run is one, from the run to a version another.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = int.MaxValue;

    /// <summary>Objects, or a text that Mermaid or Graphviz draws.</summary>
    [Parameter]
    public LineageForm As { get; set; }

    private protected override void Process(PublishedVersion version)
    {
        var lineage = Await(token => new LineageWalker(version.Store).WalkAsync(version, Direction, Depth, token));
        switch (As)
        {
            case LineageForm.Mermaid:
                WriteObject(LineageText.ToMermaid(lineage));
                break;
            case LineageForm.Dot:
                WriteObject(LineageText.ToDot(lineage));
                break;
            default:
                var from = lineage.Edges.ToLookup(edge => edge.To, edge => edge.From, StringComparer.Ordinal);
                foreach (var node in lineage.Nodes)
                    WriteObject(new ArtifactLineageNode(node, from[node.Id], version.Store.Location));
                break;
        }
    }
}

using System.Management.Automation;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

/// <summary>Form in which Get-ArtifactLineage outputs a lineage.</summary>
public enum LineageForm
{
    /// <summary>One object for each version or run.</summary>
    Object,

    /// <summary>A flowchart for Mermaid.</summary>
    Mermaid,

    /// <summary>A digraph for Graphviz.</summary>
    Dot,
}

[Cmdlet(VerbsCommon.Get, "ArtifactLineage")]
[OutputType(typeof(ArtifactLineageNode))]
[OutputType(typeof(string))]
public sealed class GetArtifactLineageCommand : ArtifactCmdlet
{
    [Parameter]
    public LineageDirection Direction { get; set; } = LineageDirection.Both;

    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; } = int.MaxValue;

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

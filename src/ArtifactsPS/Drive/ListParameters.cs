using System.Management.Automation;

namespace ArtifactsPS.Drive;

/// <summary>Dynamic parameters of Get-ChildItem on a drive of artifacts.</summary>
public sealed class ListParameters
{
    /// <summary>Outputs only folders: artifacts, versions, aliases and folders of entries.</summary>
    [Parameter]
    [Alias("ad", "d")]
    public SwitchParameter Directory { get; set; }

    /// <summary>Outputs only files and references.</summary>
    [Parameter]
    [Alias("af")]
    public SwitchParameter File { get; set; }

    internal bool Includes(bool isContainer) => Directory == File || (isContainer ? Directory : File);
}

using System.Management.Automation;

namespace ArtifactsPS.Drive;

/// <summary>Dynamic parameters of Get-Content on a drive of artifacts.</summary>
public sealed class ContentParameters
{
    /// <summary>Outputs a file as one string, or with -AsByteStream as one array.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Outputs bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Name of the text encoding, or <c>Byte</c> for -AsByteStream. Defaults to the encoding of the file's byte order
    /// mark, or UTF-8 without one.</summary>
    [Parameter]
    public string? Encoding { get; set; }
}

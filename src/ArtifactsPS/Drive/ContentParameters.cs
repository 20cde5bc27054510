using System.Management.Automation;

namespace ArtifactsPS.Drive;

/// <summary>What Get-Content takes on a drive of artifacts besides its own parameters.</summary>
public sealed class ContentParameters
{
    /// <summary>Writes a file as one text, or with -AsByteStream as one array.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Writes a file's bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>How text is encoded: the name of an encoding, or <c>Byte</c>, which means -AsByteStream. Left out, UTF-8
    /// or what the file's first bytes tell.</summary>
    [Parameter]
    public string? Encoding { get; set; }
}

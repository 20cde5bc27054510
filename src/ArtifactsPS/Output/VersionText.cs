using System.Management.Automation;

namespace ArtifactsPS.Output;

/// <summary>Formats versions for the views.</summary>
public static class VersionText
{
    /// <summary>Formats the time of creation. For the result of a command that publishes, also the size of new content, or that the
    /// version existed.</summary>
    public static string Created(PSObject version)
    {
        var time = version.Properties["CreatedAt"]?.Value is DateTime at ? RelativeTime.Format(at) : "";
        return version.Properties["Deduplicated"]?.Value is true ? time + ", unchanged"
            : version.Properties["NewBytes"]?.Value is long bytes ? $"{time}, {ByteSize.Format(bytes)} new"
            : time;
    }
}

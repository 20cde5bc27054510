using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reports;

/// <summary>Writes a report as a file, which gets its name when it is whole.</summary>
public static class ReportExporter
{
    /// <summary>Checks that a report may be written, before the work that it takes.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="replace">Whether a file may be there, and go.</param>
    /// <exception cref="ReportExistsException">A file is there.</exception>
    public static void Check(string path, bool replace)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder. Give the path of a file, such as 'report.html' in it.");
        if (!replace && File.Exists(path))
            throw new ReportExistsException(path);
    }

    /// <summary>Writes a report.</summary>
    /// <param name="report">What it shows.</param>
    /// <param name="path">Its full path; a file that is there is replaced.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static Task ExportAsync(ArtifactReport report, string path, CancellationToken cancellationToken) =>
        FileReplacement.WriteAsync(
            path,
            executable: false,
            stream => ReportPage.WriteAsync(report, stream, cancellationToken)
        );
}

/// <summary>There is a file where a report is to be written.</summary>
public sealed class ReportExistsException(string path)
    : ArtifactsException($"'{path}' is there already. Give -Force to replace it, or another path.", path)
{
    public override string ErrorId => "ReportExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

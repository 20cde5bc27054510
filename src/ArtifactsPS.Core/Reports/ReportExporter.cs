using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reports;

/// <summary>Writes a report to a file. The file gets its name when it is complete.</summary>
public static class ReportExporter
{
    /// <summary>Checks that a report can be written, before the store is read.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="replace">Whether an existing file is replaced.</param>
    /// <exception cref="ReportExistsException">The file exists.</exception>
    public static void Check(string path, bool replace)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder. Give the path of a file, such as 'report.html' in it.");
        if (!replace && File.Exists(path))
            throw new ReportExistsException(path);
    }

    /// <summary>Writes a report.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="replace">Whether an existing file is replaced.</param>
    /// <exception cref="ReportExistsException">The file exists.</exception>
    public static async Task ExportAsync(
        ArtifactReport report,
        string path,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        // The file may have been created since it was checked.
        if (!await FileReplacement.TryWriteAsync(path, replace, WriteAsync).ConfigureAwait(false))
            throw new ReportExistsException(path);

        Task WriteAsync(Stream stream) => ReportPage.WriteAsync(report, stream, cancellationToken);
    }
}

/// <summary>The file of a report exists already.</summary>
public sealed class ReportExistsException(string path)
    : ArtifactsException($"'{path}' already exists. Use -Force to replace it, or specify another path.", path)
{
    public override string ErrorId => "ReportExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

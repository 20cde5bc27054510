using System.Management.Automation;
using System.Management.Automation.Provider;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.References;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <content>Get-Content.</content>
public sealed partial class ArtifactProvider
{
    /// <inheritdoc/>
    public IContentReader? GetContentReader(string path)
    {
        if (FindOrReport(path) is not { } node)
            return null;
        if (node is not FileNode file)
        {
            WriteError(
                ErrorRecords.From(
                    new UnauthorizedAccessException($"'{DisplayPath(path)}' is a folder. Give the path of a file."),
                    DisplayPath(path)
                )
            );
            return null;
        }
        try
        {
            var parameters = DynamicParameters as ContentParameters ?? new ContentParameters();
            var isByte = string.Equals(parameters.Encoding, "Byte", StringComparison.OrdinalIgnoreCase);
            var encoding =
                parameters.AsByteStream || isByte
                    ? null
                    : EncodingArgumentTransformationAttribute.Parse(parameters.Encoding);
            if (parameters.Raw)
                ContentTooLargeException.ThrowIfTooLarge(file.Entry.Size ?? 0, encoding, file.Entry.Path.ToString());
            // Script blocks of handlers run on this thread.
            var queue = new PipelineQueue(_stopping.Token);
            var references = new ReferencedContent(
                ReferenceSources.OfUser(
                    allowedHosts: null,
                    file.Version.Store.Location,
                    handlers: SessionHandlers.Current.SourcesFor(queue)
                )
            );
            var source = Await(token => file.Version.FindSourceAsync(token).AsTask(), queue);
            var stream = Await(
                token => EntryContent.OpenAsync(source.Store.Content, references, file.Entry, token),
                queue
            );
            return new EntryContentReader(stream, file.Entry.Path.ToString(), encoding, parameters.Raw);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e) || e is ArgumentException)
        {
            WriteError(ErrorRecords.From(e, DisplayPath(path)));
            return null;
        }
    }

    /// <inheritdoc/>
    public object GetContentReaderDynamicParameters(string path) => new ContentParameters();

    /// <inheritdoc/>
    public IContentWriter GetContentWriter(string path) => throw Refused(path);

    /// <inheritdoc/>
    public object? GetContentWriterDynamicParameters(string path) => null;

    /// <inheritdoc/>
    public void ClearContent(string path) => throw Refused(path);

    /// <inheritdoc/>
    public object? ClearContentDynamicParameters(string path) => null;

    // The engine wraps this exception, and takes the error id from its error record.
    private RuntimeException Refused(string path)
    {
        var refusal = Refusal(path);
        return new RuntimeException(refusal.Exception.Message, refusal.Exception, refusal);
    }
}

using System.Management.Automation;
using System.Text;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Commands.Artifacts;

/// <summary>Form in which Get-ArtifactContent outputs a file.</summary>
public enum ContentForm
{
    /// <summary>Objects, in the format of the file's extension.</summary>
    Object,

    /// <summary>Objects from JSON.</summary>
    Json,

    /// <summary>Objects from CSV.</summary>
    Csv,

    /// <summary>Objects from PowerShell's own format.</summary>
    CliXml,

    /// <summary>Lines.</summary>
    Text,
}

[Cmdlet(VerbsCommon.Get, "ArtifactContent", DefaultParameterSetName = PathParameter.Path)]
[OutputType(typeof(string))]
[OutputType(typeof(byte[]))]
[OutputType(typeof(PSObject))]
public sealed class GetArtifactContentCommand : EntryCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathParameter.Path)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = PathParameter.LiteralPath, ValueFromPipelineByPropertyName = true)]
    [Alias("LP", "EntryPath")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EntryPathCompleter))]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    [Parameter]
    public ContentForm? As { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, () => Write(Find(Name)));

    private void Write(PublishedVersion version)
    {
        // Folders have no content.
        var files = EntryPatterns.Files(Path, LiteralPath);
        foreach (var entry in Select(version.EntriesAsync, files, version.Reference))
            ForItem(entry.Path.ToString(), () => Write(version, entry));
    }

    private void Write(PublishedVersion version, ManifestEntry entry)
    {
        if (AsByteStream && entry.Uri is null)
        {
            ContentTooLargeException.ThrowIfTooLarge(entry.Blob.Size, entry.Path.ToString());
            WriteObject(Await(token => version.Store.Content.ReadAsync(entry.Blob, token)));
            return;
        }
        using var stream = Await(token => EntryContent.OpenCheckedAsync(version.Store.Content, entry, token));
        if (AsByteStream)
            WriteObject(ContentTooLargeException.ReadAll(stream, entry.Path.ToString()));
        else
        {
            using var text = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            if (Raw)
                WriteObject(text.ReadToEnd());
            else
                WriteObjects(text, entry.Path);
        }
    }

    private void WriteObjects(TextReader text, EntryPath path)
    {
        var format = As switch
        {
            null or ContentForm.Text => ObjectFormat.Text,
            ContentForm.Object => ObjectFormats.Of(path.Name),
            ContentForm.Json => ObjectFormat.Json,
            ContentForm.Csv => ObjectFormat.Csv,
            _ => ObjectFormat.CliXml,
        };
        try
        {
            foreach (var item in ObjectFormats.Serializer(format, depth: 0).Read(text))
                WriteObject(item);
        }
        catch (FormatException e)
        {
            throw new ObjectsUnreadableException(path.ToString(), format, e);
        }
    }
}

/// <summary>A file is too large for a byte array.</summary>
public sealed class ContentTooLargeException(string path)
    : ArtifactsException(
        $"'{path}' is too large for a byte array. Restore it as a file with Save-Artifact -Path '{path}'.",
        path
    )
{
    public override string ErrorId => "ContentTooLarge";

    public override ErrorKind Kind => ErrorKind.LimitsExceeded;

    // Array.MaxLength, which netstandard2.0 lacks.
    private const int MaxLength = 0x7FFFFFC7;

    internal static byte[] ReadAll(Stream stream, string path)
    {
        ThrowIfTooLarge(stream.Length, path);
        var bytes = new byte[stream.Length];
        using var memory = new MemoryStream(bytes);
        stream.CopyTo(memory);
        return bytes;
    }

    internal static void ThrowIfTooLarge(long length, string path)
    {
        if (length > MaxLength)
            throw new ContentTooLargeException(path);
    }
}

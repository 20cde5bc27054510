using System.Management.Automation;
using System.Text;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
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

    /// <summary>Objects from lines of JSON.</summary>
    JsonLines,

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

    [Parameter]
    [EncodingArgumentTransformation]
    [ValidateNotNull]
    public Encoding Encoding { get; set; } = Encoding.UTF8;

    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long Offset { get; set; }

    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long Length { get; set; } = long.MaxValue;

    [Parameter]
    [Alias("First", "Head")]
    [ValidateRange(0, long.MaxValue)]
    public long TotalCount { get; set; } = long.MaxValue;

    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = -1;

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowHost { get; set; }

    private ObjectFormat? Format(EntryPath path) =>
        As switch
        {
            null => null,
            ContentForm.Text => ObjectFormat.Text,
            ContentForm.Object => ObjectFormats.Of(path.Name),
            ContentForm.Json => ObjectFormat.Json,
            ContentForm.JsonLines => ObjectFormat.JsonLines,
            ContentForm.Csv => ObjectFormat.Csv,
            _ => ObjectFormat.CliXml,
        };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ContentParametersConflictException.Of(MyInvocation.BoundParameters) is { } conflict)
            ThrowTerminatingError(ErrorRecords.From(conflict));
    }

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
        if (Raw || AsByteStream)
            ContentTooLargeException.ThrowIfTooLarge(
                LengthIn(entry.Size ?? 0),
                AsByteStream ? null : Encoding,
                entry.Path.ToString()
            );
        var references = new ReferencedContent(OpenReferences(AllowHost, version.Store.Location, TimeLimit));
        if (entry.Uri is not null && IsReadForward)
        {
            using var forward = new PipelineStream(
                Await(token => references.OpenForwardAsync(entry, token)),
                read => Await(read)
            );
            Write(forward, entry.Path);
            return;
        }
        var source = Await(token => version.FindSourceAsync(token).AsTask());
        // Reads go on when the task has ended.
        using var stream = Await(_ => EntryContent.OpenAsync(source.Store.Content, references, entry, StoppingToken));
        var length = LengthIn(stream.Length);
        stream.Position = Math.Min(Offset, stream.Length);
        if (AsByteStream)
            WriteObject(ContentTooLargeException.ReadAll(stream, length, entry.Path.ToString()));
        else
        {
            using var range = length < stream.Length - stream.Position ? new LimitedStream(stream, length) : stream;
            Write(range, entry.Path);
        }
    }

    // Lines and objects are output while the rest of a target is still being read.
    private bool IsReadForward => !Raw && !AsByteStream && Tail < 0 && Offset == 0 && Length == long.MaxValue;

    private long LengthIn(long size) => Math.Min(Length, Math.Max(0, size - Offset));

    private void Write(Stream content, EntryPath path)
    {
        var format = Format(path);
        if (Tail >= 0 && format is null or ObjectFormat.Text)
        {
            WriteObject(TextTail.Read(content, Encoding, Tail), enumerateCollection: true);
            return;
        }
        using var text = new StreamReader(content, Encoding, detectEncodingFromByteOrderMarks: true);
        if (Raw)
            WriteObject(text.ReadToEnd());
        else
            WriteObjects(text, format ?? ObjectFormat.Text, path);
    }

    private void WriteObjects(TextReader text, ObjectFormat format, EntryPath path)
    {
        if (TotalCount == 0)
            return;
        var last = Tail >= 0 ? new Queue<object?>() : null;
        long count = 0;
        try
        {
            foreach (var item in ObjectFormats.Serializer(format, depth: 0).Read(text))
            {
                if (last is null)
                    WriteObject(item);
                else
                    TextTail.Add(last, item, Tail);
                if (++count == TotalCount)
                    break;
            }
        }
        catch (FormatException e)
        {
            throw new ObjectsUnreadableException(path.ToString(), format, e);
        }
        foreach (var item in last ?? [])
            WriteObject(item);
    }
}

/// <summary>Parameters of Get-ArtifactContent exclude each other.</summary>
public sealed class ContentParametersConflictException(string first, string second)
    : ArtifactsException($"-{first} and -{second} can't be used together. Leave one of them out.", first)
{
    public override string ErrorId => "ContentParametersConflict";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    private static readonly (string First, string Second)[] Conflicts =
    [
        ("Raw", "As"),
        ("Raw", "TotalCount"),
        ("Raw", "Tail"),
        ("AsByteStream", "As"),
        ("AsByteStream", "Encoding"),
        ("AsByteStream", "TotalCount"),
        ("AsByteStream", "Tail"),
        ("TotalCount", "Tail"),
    ];

    /// <summary>Finds parameters that exclude each other; null if there are none.</summary>
    internal static ContentParametersConflictException? Of(IDictionary<string, object> bound)
    {
        foreach (var (first, second) in Conflicts)
            if (IsSet(first) && IsSet(second))
                return new ContentParametersConflictException(first, second);
        return null;

        bool IsSet(string name) =>
            bound.TryGetValue(name, out var value) && value is not SwitchParameter { IsPresent: false };
    }
}

/// <summary>Content is too large for a byte array or a string.</summary>
public sealed class ContentTooLargeException(string path, bool isText)
    : ArtifactsException(
        $"'{path}' is too large for {(isText ? "one string. Read it by line without -Raw" : "a byte array")}. Read a part of it "
            + $"with -Offset and -Length, or restore it as a file with Save-Artifact -Path '{path}'.",
        path
    )
{
    public override string ErrorId => "ContentTooLarge";

    public override ErrorKind Kind => ErrorKind.LimitsExceeded;

    // Array.MaxLength, which netstandard2.0 lacks.
    private const int MaxLength = 0x7FFFFFC7;

    // Maximum number of characters of a string.
    private const int MaxCharacters = 0x3FFFFFDF;

    /// <summary>Reads bytes into an array.</summary>
    /// <param name="length">Number of bytes; there must be as many in the stream.</param>
    internal static byte[] ReadAll(Stream stream, long length, string path)
    {
        ThrowIfTooLarge(length, null, path);
        var bytes = new byte[length];
        for (int read, total = 0; total < bytes.Length; total += read)
            if ((read = stream.Read(bytes, total, bytes.Length - total)) == 0)
                throw new EndOfStreamException($"'{path}' ended before its {length} bytes were read.");
        return bytes;
    }

    /// <param name="length">Number of bytes.</param>
    /// <param name="encoding">Encoding of the text; null for bytes.</param>
    internal static void ThrowIfTooLarge(long length, Encoding? encoding, string path)
    {
        // Only these encodings need more than a byte for each character.
        var bytesPerCharacter = encoding switch
        {
            UTF32Encoding => 4,
            UnicodeEncoding => 2,
            _ => 1,
        };
        if (length > (encoding is null ? MaxLength : (long)MaxCharacters * bytesPerCharacter))
            throw new ContentTooLargeException(path, encoding is not null);
    }
}

using System.Management.Automation;
using System.Runtime.ExceptionServices;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.Add, "ArtifactObject", SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactObjectCommand : DraftCmdlet
{
    private readonly HashSet<string> _warned = [];
    private IObjectWriter? _writer;
    private ExceptionDispatchInfo? _failure;
    private bool _hasBegun;
    private long _count;

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public ObjectFormat? As { get; set; }

    [Parameter]
    [ValidateRange(1, 16)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (DraftsArePiped)
        {
            Begin();
            Collect();
            AddCollected();
            WriteDraft(Artifact);
        }
        else
        {
            if (!_hasBegun)
                Begin();
            Collect();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (DraftsArePiped)
            return;
        if (!_hasBegun)
            Begin();
        AddCollected();
        WriteDraft(Artifact);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _writer?.Dispose();
        base.Dispose(disposing);
    }

    private void Begin()
    {
        _hasBegun = true;
        _writer?.Dispose();
        (_writer, _failure, _count) = (null, null, 0);
        Try(() =>
        {
            _ = EntryPath.Parse(Name);
            _writer = ObjectFormats.Serializer(As ?? ObjectFormats.Of(Name), Depth, Warn).CreateWriter();
        });
    }

    // A list given as -InputObject is enumerated; in a pipeline, PowerShell has already done so.
    private void Collect()
    {
        var isPiped = MyInvocation.ExpectingInput && !DraftsArePiped;
        if (!isPiped && LanguagePrimitives.GetEnumerable(InputObject) is { } items)
            foreach (var item in items)
                Collect(item);
        else
            Collect(InputObject);
    }

    private void Collect(object? item)
    {
        _count++;
        if (_failure is null)
            Try(() => _writer!.Write(item));
    }

    // Objects are converted as they come; the failure of one is that of the addition.
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private void AddCollected() => ForAddition(new AdditionSource(AdditionKind.Object, Name), Name, Add);

    private bool Add()
    {
        _failure?.Throw();
        var path = EntryPath.Parse(Name);
        if (!ShouldProcess($"{_count} objects", $"Add to {Artifact.Name} as {path}"))
            return false;
        var content = _writer!.Complete();
        var progress = new TransferProgress();
        var draft = Artifact.Draft;
        Await(token => content.AddToAsync(draft, path, Force, progress, token), $"Adding {path}", progress);
        return true;
    }

    private void Warn(string? property)
    {
        if (!_warned.Add(property ?? ""))
            return;
        WriteWarning(
            property is null
                ? $"'{Name}': objects more than {Depth} levels deep were kept as text. -Depth sets the depth."
                : $"'{Name}': values of '{property}' that are lists or objects were kept as text, because CSV has only text."
        );
    }
}

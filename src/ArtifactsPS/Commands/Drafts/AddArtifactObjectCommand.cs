using System.Management.Automation;
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
    private readonly List<object?> _objects = [];

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
            _objects.Clear();
            Collect();
            AddCollected();
            WriteDraft(Artifact);
        }
        else
            Collect();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (DraftsArePiped)
            return;
        AddCollected();
        WriteDraft(Artifact);
    }

    // A list given as -InputObject is enumerated; in a pipeline, PowerShell has already done so.
    private void Collect()
    {
        var isPiped = MyInvocation.ExpectingInput && !DraftsArePiped;
        if (!isPiped && LanguagePrimitives.GetEnumerable(InputObject) is { } items)
            _objects.AddRange(items.Cast<object?>());
        else
            _objects.Add(InputObject);
    }

    private void AddCollected() => ForAddition(new AdditionSource(AdditionKind.Object, Name), Name, Add);

    private bool Add()
    {
        var path = EntryPath.Parse(Name);
        var format = As ?? ObjectFormats.Of(Name);
        if (!ShouldProcess($"{_objects.Count} objects", $"Add to {Artifact.Name} as {path}"))
            return false;
        var wasTruncated = false;
        var bytes = ObjectFormats.Serializer(format, Depth, () => wasTruncated = true).Write(_objects);
        if (wasTruncated)
            WriteWarning($"'{path}': objects more than {Depth} levels deep were kept as text. -Depth sets the depth.");
        Await(token => Artifact.Draft.AddBytesAsync(path, bytes, Force, token));
        return true;
    }
}

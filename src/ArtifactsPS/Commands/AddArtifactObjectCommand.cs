using System.Management.Automation;
using ArtifactsPS.Manifests;
using ArtifactsPS.Objects;

namespace ArtifactsPS.Commands;

/// <summary>
/// Makes one file of a draft out of the objects that come down the pipeline. Get-ArtifactContent -As Object gives them
/// back.
/// </summary>
/// <example>
/// <code>
/// $draft = New-Artifact report table
/// Get-Process | Add-ArtifactObject processes.csv -Artifact $draft
/// Publish-Artifact $draft
/// </code>
/// What comes down the pipeline becomes one file.
/// </example>
/// <example>
/// <code>
/// New-Artifact resnet model | Add-ArtifactObject settings.json -InputObject @{ seed = 42; folds = 5 } | Publish-Artifact
/// (Get-ArtifactContent resnet settings.json -As Object).seed
/// </code>
/// Keeps settings beside a model, and gets one of them back.
/// </example>
/// <seealso cref="GetArtifactContentCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
[Cmdlet(VerbsCommon.Add, "ArtifactObject", SupportsShouldProcess = true)]
[OutputType(typeof(Artifact))]
public sealed class AddArtifactObjectCommand : DraftCmdlet
{
    private readonly List<object?> _objects = [];

    /// <summary>The entry's path. Its extension tells the format: .json, .csv, .clixml or .xml, .txt.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The objects; from the pipeline, where the draft is given as -Artifact.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>The format; what the name's extension tells if left out.</summary>
    [Parameter]
    public ObjectFormat? As { get; set; }

    /// <summary>For Json and CliXml: how many levels of objects within objects are kept as objects; what lies deeper is
    /// kept as text. Hashtables, lists and custom objects are kept to any depth in Json.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int Depth { get; set; } = 2;

    /// <summary>Replaces what the draft has under the same path with other content; an error otherwise.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (DraftsArePiped)
        {
            _objects.Clear();
            Collect();
            ForItem(Name, Add);
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
        ForItem(Name, Add);
        WriteDraft(Artifact);
    }

    // A list that is given as -InputObject is what is in it; in a pipeline PowerShell has taken it apart.
    private void Collect()
    {
        var isPiped = MyInvocation.ExpectingInput && !DraftsArePiped;
        if (!isPiped && LanguagePrimitives.GetEnumerable(InputObject) is { } items)
            _objects.AddRange(items.Cast<object?>());
        else
            _objects.Add(InputObject);
    }

    private void Add()
    {
        var path = EntryPath.Parse(Name);
        var format = As ?? ObjectFormats.Of(Name);
        if (!ShouldProcess($"{_objects.Count} objects", $"Add to {Artifact.Name} as {path}"))
            return;
        var wasTruncated = false;
        var bytes = ObjectFormats.Serializer(format, Depth, () => wasTruncated = true).Write(_objects);
        if (wasTruncated)
            WriteWarning($"'{path}': objects more than {Depth} levels deep were kept as text. -Depth sets the depth.");
        Await(token => Artifact.Draft.AddBytesAsync(path, bytes, Force, token));
    }
}

using System.Management.Automation;

namespace ArtifactsPS.Output;

/// <summary>Script blocks that find the targets of references with a scheme.</summary>
public sealed class ArtifactReferenceHandler
{
    /// <summary>Scheme in lower case.</summary>
    public required string Scheme { get; init; }

    /// <summary>Script block that describes a target.</summary>
    public required ScriptBlock Probe { get; init; }

    /// <summary>Script block that opens a target.</summary>
    public required ScriptBlock Open { get; init; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("handler", Scheme);

    /// <inheritdoc/>
    public override string ToString() => ItemPath.TextOf("handler", Scheme);
}

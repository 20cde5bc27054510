using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Argument that refers to an entry of a version: an entry object, or a text such as <c>net:v3/weights.bin</c>.</summary>
public sealed class EntryArgument
{
    private const string EntryPath = nameof(ArtifactEntry.EntryPath);

    private EntryArgument(ArtifactArgument artifact, string path) => (Artifact, Path) = (artifact, path);

    /// <summary>Version that has the entry.</summary>
    internal ArtifactArgument Artifact { get; }

    /// <summary>Path of the entry.</summary>
    internal string Path { get; }

    /// <summary>Parses a text of the form <c>name:version/path</c>; null for another form, such as a URI.</summary>
    internal static EntryArgument? Parse(string text)
    {
        var slash = text.IndexOf('/');
        var colon = text.IndexOf(':');
        if (colon <= 0 || slash < colon + 2 || slash == text.Length - 1)
            return null;
        var version = text.Substring(0, slash);
        try
        {
            ArtifactReference.Parse(version);
        }
        catch (ArtifactsException e) when (e is InvalidArtifactNameException or InvalidArtifactAliasException)
        {
            return null;
        }
        return new EntryArgument(new ArtifactArgument(version), text.Substring(slash + 1));
    }

    /// <summary>Refers to an entry that was output, also after remoting, a job or Export-Clixml; null for other values.</summary>
    internal static EntryArgument? From(object? value)
    {
        var item = value is null ? null : PSObject.AsPSObject(value);
        var path = item switch
        {
            { BaseObject: ArtifactEntry entry } => entry.EntryPath,
            not null when ArtifactArgument.Is<ArtifactEntry>(item) => item.Properties[EntryPath]?.Value as string,
            _ => null,
        };
        return path is not null && ArtifactArgument.From(value) is { } artifact
            ? new EntryArgument(artifact, path)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact}/{Path}";
}

/// <summary>Converts an entry or a list of entries to entry arguments. Other values stay as they are, so that parameters of other sets can take them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EntryArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not IList items)
            return EntryArgument.From(inputData) ?? inputData;
        var entries = items.Cast<object?>().Select(EntryArgument.From).ToArray();
        return Array.TrueForAll(entries, entry => entry is not null) ? entries : inputData;
    }
}

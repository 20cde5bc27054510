using System.Management.Automation;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Argument that refers to an entry of a version: an entry object, or a text such as <c>net:v3/weights.bin</c>.</summary>
public sealed class EntryArgument
{
    private EntryArgument(ArtifactArgument artifact, string path, object item) =>
        (Artifact, Path, Item) = (artifact, path, item);

    /// <summary>The version.</summary>
    internal ArtifactArgument Artifact { get; }

    /// <summary>Path of the entry.</summary>
    internal string Path { get; }

    /// <summary>The user's input; the target of errors.</summary>
    internal object Item { get; }

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
        return new EntryArgument(new ArtifactArgument(version), text.Substring(slash + 1), text);
    }

    /// <summary>Converts a value from PowerShell; null if it is no entry of a version.</summary>
    internal static EntryArgument? From(object? value) =>
        value is null or string ? null
        : PSObject.AsPSObject(value) is var wrapped
        && ArtifactArgument.From(wrapped) is { Store: not null } artifact
        && wrapped.Properties[nameof(ArtifactEntry.EntryPath)]?.Value is string path
            ? new EntryArgument(artifact, path, value)
        : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact}/{Path}";
}

/// <summary>Accepts an entry of a version.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EntryArgumentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is EntryArgument
            ? inputData
            : EntryArgument.From(inputData)
                ?? throw new ArgumentTransformationMetadataException(
                    $"'{inputData}' is not an entry of a version. Get-ArtifactEntry outputs entries."
                );
}

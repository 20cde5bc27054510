using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Argument that refers to an entry of a version: an entry object, or a text such as <c>net:v3/weights.bin</c>.</summary>
internal sealed class EntryArgument
{
    private EntryArgument(ArtifactArgument artifact, string path) => (Artifact, Path) = (artifact, path);

    /// <summary>Version that has the entry.</summary>
    public ArtifactArgument Artifact { get; }

    /// <summary>Path of the entry.</summary>
    public string Path { get; }

    /// <summary>Parses a text of the form <c>name:version/path</c>; null for another form, such as a URI.</summary>
    public static EntryArgument? Parse(string text)
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

    /// <summary>Refers to an entry that was output.</summary>
    public static EntryArgument Of(ArtifactEntry entry) => new(ArtifactArgument.From(entry)!, entry.EntryPath);

    /// <inheritdoc/>
    public override string ToString() => $"{Artifact}/{Path}";
}

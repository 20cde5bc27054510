using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>
/// What a command was told of an artifact: a text to be looked up (<c>mnist</c>, <c>mnist:v3</c>), or an object, which
/// means exactly the version it stands for.
/// </summary>
public sealed class ArtifactArgument
{
    /// <param name="text">A name, perhaps with a version, an alias or a digest.</param>
    public ArtifactArgument(string text)
    {
        Text = text;
        Item = text;
    }

    private ArtifactArgument(string text, object item)
    {
        Text = text;
        Item = item;
    }

    internal string Text { get; }

    /// <summary>What the user gave, to be the target of an error.</summary>
    internal object Item { get; }

    /// <summary>The location of the store it is in; null for the one that the command names.</summary>
    internal string? Store { get; private init; }

    /// <summary>A draft, for commands that take one.</summary>
    internal Artifact? Draft { get; private init; }

    /// <summary>The version of a named artifact that has an alias.</summary>
    internal ArtifactArgument WithAlias(string alias) => new($"{Text}:{alias}", Item) { Store = Store };

    /// <summary>Reads an argument as PowerShell hands it on; null when it names no artifact.</summary>
    internal static ArtifactArgument? From(object? value)
    {
        var wrapped = value is null ? null : PSObject.AsPSObject(value);
        return wrapped?.BaseObject switch
        {
            null => null,
            ArtifactArgument argument => argument,
            string text => new ArtifactArgument(text),
            ArtifactVersion version => new ArtifactArgument(version.Reference, version) { Store = version.Store },
            Artifact draft => new ArtifactArgument(draft.Name, draft) { Draft = draft },
            ArtifactEntry entry => new ArtifactArgument(entry.Artifact, entry) { Store = entry.Store },
            ArtifactFolder { Artifact.Length: > 0 } folder => new ArtifactArgument(folder.Artifact, folder)
            {
                Store = folder.Store,
            },
            _ when IsDeserialized(wrapped) => FromProperties(wrapped, "Reference", Property(wrapped, "Store")),
            _ => FromProperties(wrapped, "Name", null),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // A version that went through remoting or a job.
    private static bool IsDeserialized(PSObject value) =>
        value.TypeNames.Contains("Deserialized." + typeof(ArtifactVersion).FullName);

    private static ArtifactArgument? FromProperties(PSObject value, string name, string? store) =>
        Property(value, name) is { } text ? new ArtifactArgument(text, value) { Store = store } : null;

    private static string? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is { } found ? LanguagePrimitives.ConvertTo<string>(found) : null;
}

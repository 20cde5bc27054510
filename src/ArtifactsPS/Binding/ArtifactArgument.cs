using System.Management.Automation;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>
/// Argument that refers to an artifact: a text to look up (<c>mnist</c>, <c>mnist:v3</c>), or an object, which refers to
/// exactly one version.
/// </summary>
public sealed class ArtifactArgument
{
    /// <param name="text">A name, optionally followed by a version, an alias or a digest.</param>
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

    /// <summary>The user's input; the target of errors.</summary>
    internal object Item { get; }

    /// <summary>Location of the artifact's store; null for the store that the command names.</summary>
    internal string? Store { get; private init; }

    /// <summary>The draft, if the argument is one.</summary>
    internal Artifact? Draft { get; private init; }

    /// <summary>Refers to the version with an alias, for an argument that is a name only.</summary>
    internal ArtifactArgument WithAlias(AliasName alias) => new($"{Text}:{alias}", Item) { Store = Store };

    /// <summary>Converts a value from PowerShell; null if it refers to no artifact.</summary>
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

    // A version that was deserialized, after remoting or a job.
    private static bool IsDeserialized(PSObject value) =>
        value.TypeNames.Contains("Deserialized." + typeof(ArtifactVersion).FullName);

    private static ArtifactArgument? FromProperties(PSObject value, string name, string? store) =>
        Property(value, name) is { } text ? new ArtifactArgument(text, value) { Store = store } : null;

    private static string? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is { } found ? LanguagePrimitives.ConvertTo<string>(found) : null;
}

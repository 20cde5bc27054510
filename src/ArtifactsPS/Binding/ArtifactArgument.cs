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

    private bool _isOfDraft;

    internal string Text { get; }

    /// <summary>The user's input; the target of errors.</summary>
    internal object Item { get; }

    /// <summary>Location of the artifact's store; null for the store that the command names.</summary>
    internal string? Store { get; private init; }

    /// <summary>The draft, if the argument is one.</summary>
    internal Artifact? Draft { get; private init; }

    /// <summary>Whether the argument is a draft, or an entry of a draft, which is in no version.</summary>
    internal bool IsDraft => Draft is not null || _isOfDraft;

    /// <summary>The folder, if the argument is one, or a text with a separator, which no artifact's name has; otherwise
    /// null.</summary>
    internal string? Folder =>
        Item is PSObject { BaseObject: DirectoryInfo folder } ? folder.FullName
        : Item is string text && (text is "." or ".." || text.IndexOfAny(['/', '\\']) >= 0) ? text
        : null;

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
            ArtifactEntry entry => new ArtifactArgument(entry.Artifact, entry)
            {
                Store = entry.Store,
                _isOfDraft = IsDraftName(entry.Artifact),
            },
            ArtifactFolder { Artifact.Length: > 0 } folder => new ArtifactArgument(folder.Artifact, folder)
            {
                Store = folder.Store,
            },
            ArtifactSummary artifact => new ArtifactArgument(artifact.Name, artifact) { Store = artifact.Store },
            _ => FromDeserialized(wrapped) ?? FromProperties(wrapped, "Name", null),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // An object of this module after remoting, a job or Export-Clixml; null for other objects.
    private static ArtifactArgument? FromDeserialized(PSObject value)
    {
        if (Is<ArtifactVersion>(value))
            return FromProperties(value, nameof(ArtifactVersion.Reference), Property(value, "Store"));
        if (Is<ArtifactEntry>(value) || Is<ArtifactFolder>(value))
        {
            var found = FromProperties(value, nameof(ArtifactEntry.Artifact), Property(value, "Store"));
            if (found is not null)
                found._isOfDraft = IsDraftName(found.Text);
            return found;
        }
        if (Is<ArtifactSummary>(value))
            return FromProperties(value, nameof(ArtifactSummary.Name), Property(value, "Store"));
        // Its content is in the session that created it.
        return Is<Artifact>(value)
            ? throw new ArgumentTransformationMetadataException(
                $"The draft of '{Property(value, "Name")}' was created in another session. Publish it there, or give the text "
                    + $"'{Property(value, "Name")}' for the latest version."
            )
            : null;
    }

    private static bool IsDraftName(string artifact) => artifact.IndexOf(':') < 0;

    /// <summary>Whether a value is an object of a type after serialization.</summary>
    internal static bool Is<T>(PSObject value) => value.TypeNames.Contains("Deserialized." + typeof(T).FullName);

    private static ArtifactArgument? FromProperties(PSObject value, string name, string? store) =>
        Property(value, name) is { } text ? new ArtifactArgument(text, value) { Store = store } : null;

    private static string? Property(PSObject value, string name) =>
        value.Properties[name]?.Value is { } found ? LanguagePrimitives.ConvertTo<string>(found) : null;
}

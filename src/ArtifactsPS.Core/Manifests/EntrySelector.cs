using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Selection of entries by path.</summary>
public sealed class EntrySelector
{
    private readonly Func<EntryPath, bool> _matches;

    private EntrySelector(string text, string prefix, Func<EntryPath, bool> matches)
    {
        Text = text;
        Prefix = prefix;
        _matches = matches;
    }

    /// <summary>Selects all entries.</summary>
    public static EntrySelector All { get; } = new("*", "", _ => true) { IsPattern = true };

    /// <summary>Selection as the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether this is a pattern, which may match nothing, rather than a name, which must exist.</summary>
    public bool IsPattern { get; private init; }

    /// <summary>Common prefix of all selected paths.</summary>
    public string Prefix { get; }

    /// <summary>Selects one entry.</summary>
    public static EntrySelector Exactly(string path) => new(path, path, entry => entry.ToString() == path);

    /// <summary>Selects an entry, or all entries below the folder of that name. A trailing <c>/</c> selects the folder only.</summary>
    public static EntrySelector FileOrFolder(string path)
    {
        var folder = path.EndsWith("/", StringComparison.Ordinal) ? path : path + "/";
        return new EntrySelector(
            path,
            path,
            entry => entry.IsBelow(folder) || string.Equals(entry.ToString(), path, StringComparison.Ordinal)
        );
    }

    /// <summary>Selects the entries whose path meets a condition.</summary>
    /// <param name="text">Condition as the user wrote it.</param>
    /// <param name="prefix">Common prefix of all paths that meet the condition.</param>
    public static EntrySelector Matching(string text, string prefix, Func<string, bool> matches) =>
        new(text, prefix, entry => matches(entry.ToString())) { IsPattern = true };

    public bool Matches(EntryPath path) => _matches(path);
}

/// <summary>A version or draft has no entry with the requested path.</summary>
public sealed class ArtifactEntryNotFoundException : ArtifactsException
{
    /// <param name="nearest">The entry or folder that was most likely meant; null if none is similar.</param>
    public ArtifactEntryNotFoundException(string path, string artifact, string? nearest)
        : base(
            $"No entry '{path}' in '{artifact}'.{NearestName.Hint(nearest)} Get-ArtifactEntry lists its entries.",
            path
        ) { }

    private ArtifactEntryNotFoundException(string message, string folder)
        : base(message, folder) { }

    /// <summary>Creates the exception for a folder that was given instead of a file.</summary>
    /// <param name="example">Path of an entry below the folder.</param>
    public static ArtifactEntryNotFoundException OfFolder(string folder, string artifact, string example) =>
        new(
            $"'{folder}' is a folder in '{artifact}'. Name an entry below it, such as '{example}', or all of them with "
                + $"the pattern '{folder}/*'.",
            folder
        );

    public override string ErrorId => "ArtifactEntryNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>A path was already added to the draft with other content.</summary>
public sealed class ArtifactEntryConflictException(string path, string artifact)
    : ArtifactsException(
        $"'{path}' was already added to '{artifact}' with other content. Use -Force to replace it, or choose another name.",
        path
    )
{
    public override string ErrorId => "ArtifactEntryConflict";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

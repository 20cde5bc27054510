using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Chooses entries by their paths.</summary>
public sealed class EntrySelector
{
    private readonly Func<EntryPath, bool> _matches;

    private EntrySelector(string text, string prefix, Func<EntryPath, bool> matches)
    {
        Text = text;
        Prefix = prefix;
        _matches = matches;
    }

    /// <summary>Chooses all entries.</summary>
    public static EntrySelector All { get; } = new("*", "", _ => true) { IsPattern = true };

    /// <summary>The choice as the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether it is a condition, which nothing need meet, rather than a name.</summary>
    public bool IsPattern { get; private init; }

    /// <summary>What all chosen paths begin with.</summary>
    public string Prefix { get; }

    /// <summary>Chooses one entry.</summary>
    public static EntrySelector Exactly(string path) => new(path, path, entry => entry.ToString() == path);

    /// <summary>Chooses an entry, or all entries below the folder of that name. A closing <c>/</c> means the folder only.</summary>
    public static EntrySelector FileOrFolder(string path)
    {
        var folder = path.EndsWith("/", StringComparison.Ordinal) ? path : path + "/";
        return new EntrySelector(
            path,
            path,
            entry => entry.IsBelow(folder) || string.Equals(entry.ToString(), path, StringComparison.Ordinal)
        );
    }

    /// <summary>Chooses by a condition.</summary>
    /// <param name="text">The condition as the user wrote it.</param>
    /// <param name="prefix">What all paths that meet it begin with.</param>
    /// <param name="matches">The condition.</param>
    public static EntrySelector Matching(string text, string prefix, Func<string, bool> matches) =>
        new(text, prefix, entry => matches(entry.ToString())) { IsPattern = true };

    /// <summary>Whether an entry is chosen.</summary>
    public bool Matches(EntryPath path) => _matches(path);
}

/// <summary>A version or draft has no entry of a path.</summary>
public sealed class ArtifactEntryNotFoundException(string path, string artifact)
    : ArtifactsException(
        $"There is no entry '{path}' in '{artifact}'. Get-ArtifactEntry lists its entries; a folder is written with a closing '/'.",
        path
    )
{
    public override string ErrorId => "ArtifactEntryNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}

/// <summary>A path was added before, with other content.</summary>
public sealed class ArtifactEntryConflictException(string path, string artifact)
    : ArtifactsException(
        $"'{path}' was added to '{artifact}' before, with other content. Give -Force to replace it, or another name.",
        path
    )
{
    public override string ErrorId => "ArtifactEntryConflict";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

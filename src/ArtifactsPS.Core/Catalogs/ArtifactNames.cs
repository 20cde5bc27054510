using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Names of an artifact: the current one, and former ones that still lead to it.</summary>
internal sealed class ArtifactNames
{
    private readonly List<ArtifactName> _names;

    public ArtifactNames(ArtifactName name) => _names = [name];

    /// <param name="former">Former names, the oldest first.</param>
    /// <exception cref="InvalidDataException">A name is listed twice.</exception>
    public ArtifactNames(IEnumerable<ArtifactName> former, ArtifactName current)
    {
        _names = [.. former, current];
        if (_names.Distinct().Count() < _names.Count)
            throw new InvalidDataException("a name is listed twice");
    }

    public ArtifactName Current => _names[_names.Count - 1];

    /// <summary>Former names, the oldest first.</summary>
    public IReadOnlyList<ArtifactName> Former => [.. _names.Take(_names.Count - 1)];

    /// <summary>All names, the current one last.</summary>
    public IReadOnlyList<ArtifactName> All => _names;

    public bool Contains(ArtifactName name) => _names.Contains(name);

    /// <summary>Whether a key is that of one of the names.</summary>
    public bool Contains(ArtifactKey key) => _names.Exists(name => ArtifactKey.Of(name) == key);

    /// <summary>Makes a name the current one. It may be a former one, or have another case.</summary>
    public void ChangeTo(ArtifactName name)
    {
        _names.Remove(name);
        _names.Add(name);
    }
}

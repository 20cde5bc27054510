namespace ArtifactsPS.Manifests;

/// <summary>What an object is needed for.</summary>
internal sealed class ObjectUse
{
    /// <summary>So many bytes it has at least, if it is whole.</summary>
    public long NeededLength { get; private set; }

    /// <summary>So many bytes the store has of it; null where it has no such object, or nobody has looked yet.</summary>
    public long? StoredLength { get; set; }

    /// <summary>The pages that lie in it.</summary>
    public List<PageNode> Pages { get; } = [];

    /// <summary>The pages of entries whose content, or part of it, lies in it.</summary>
    public List<PageNode> Namers { get; } = [];

    /// <summary>Those that name content in it themselves, without a page.</summary>
    public List<TreeOwner> Owners { get; } = [];

    public void Need(long length) => NeededLength = Math.Max(NeededLength, length);
}

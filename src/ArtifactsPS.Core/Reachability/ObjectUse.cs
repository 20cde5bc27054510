namespace ArtifactsPS.Core.Reachability;

/// <summary>What an object is needed for.</summary>
internal sealed class ObjectUse
{
    private Dictionary<long, long>? _runs;

    /// <summary>So many bytes it has at least, if it is whole.</summary>
    public long NeededLength { get; private set; }

    /// <summary>So many bytes of it are needed; 0 where runs are not kept.</summary>
    public long NeededBytes => _runs?.Values.Sum() ?? 0;

    /// <summary>So many bytes the store has of it; null where it has no such object, or nobody has looked yet.</summary>
    public long? StoredLength { get; set; }

    /// <summary>The pages that lie in it.</summary>
    public List<PageNode> Pages { get; } = [];

    /// <summary>The pages of entries whose content, or part of it, lies in it.</summary>
    public List<PageNode> Namers { get; } = [];

    /// <summary>Those that name content in it themselves, without a page.</summary>
    public List<TreeOwner> Owners { get; } = [];

    /// <summary>Takes in that a run of bytes is needed.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="keep">Whether the run is kept for <see cref="NeededBytes"/>.</param>
    public void Need(long offset, long size, bool keep)
    {
        NeededLength = Math.Max(NeededLength, offset + size);
        if (keep)
            (_runs ??= [])[offset] = size;
    }
}

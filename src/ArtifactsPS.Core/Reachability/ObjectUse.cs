namespace ArtifactsPS.Core.Reachability;

/// <summary>Uses of an object: the pages and content that are read from it.</summary>
internal sealed class ObjectUse
{
    private Dictionary<long, long>? _runs;

    /// <summary>Minimum length in bytes that the object must have.</summary>
    public long NeededLength { get; private set; }

    /// <summary>Number of needed bytes; 0 if runs are not recorded.</summary>
    public long NeededBytes => _runs?.Values.Sum() ?? 0;

    /// <summary>Length in bytes in the store; null if the object is missing or has not been checked yet.</summary>
    public long? StoredLength { get; set; }

    /// <summary>Pages that the object contains.</summary>
    public List<PageNode> Pages { get; } = [];

    /// <summary>Pages with entries whose content is at least partly in the object.</summary>
    public List<PageNode> ReferencingPages { get; } = [];

    /// <summary>Owners that refer to content in the object directly, without a page.</summary>
    public List<TreeOwner> Owners { get; } = [];

    /// <summary>Records that a run of bytes is needed.</summary>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="size">Size in bytes.</param>
    /// <param name="record">Whether <see cref="NeededBytes"/> includes the run.</param>
    public void AddNeededRun(long offset, long size, bool record)
    {
        NeededLength = Math.Max(NeededLength, offset + size);
        if (record)
            (_runs ??= [])[offset] = size;
    }
}

using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Output;

/// <summary>Numbers of the paths at which two versions, drafts or folders differ.</summary>
public sealed class ArtifactDifferenceSummary
{
    internal ArtifactDifferenceSummary(string reference, string difference) =>
        (Reference, Difference) = (reference, difference);

    /// <summary>The version, draft or folder compared with.</summary>
    public string Reference { get; }

    /// <summary>The compared version, draft or folder.</summary>
    public string Difference { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("comparison", Reference);

    public long Added { get; private set; }

    public long Removed { get; private set; }

    public long Modified { get; private set; }

    /// <summary>Total size in bytes of added files, and of modified files in the difference.</summary>
    public long NewBytes { get; private set; }

    /// <summary>Total size in bytes of removed files, and of modified files in the reference.</summary>
    public long OldBytes { get; private set; }

    /// <summary>Whether there is no difference.</summary>
    public bool IsEqual => Added + Removed + Modified == 0;

    internal void Add(EntryDifference found)
    {
        switch (found)
        {
            case (null, _):
                Added++;
                break;
            case (_, null):
                Removed++;
                break;
            default:
                Modified++;
                break;
        }
        OldBytes += found.Left?.Size ?? 0;
        NewBytes += found.Right?.Size ?? 0;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Difference: {Added} added, {Removed} removed, {Modified} modified";
}

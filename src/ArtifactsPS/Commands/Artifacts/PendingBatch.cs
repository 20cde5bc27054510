using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

/// <summary>Changes to versions of one artifact, which one transaction makes. A change to another artifact commits those
/// before it.</summary>
/// <param name="versionOf">The version that a change is about.</param>
/// <param name="commit">Commits changes.</param>
internal sealed class PendingBatch<T>(Func<T, PublishedVersion> versionOf, Action<IReadOnlyList<T>> commit)
{
    private const int MaxPending = 1_000;

    private readonly List<T> _pending = [];

    /// <summary>Adds a change.</summary>
    public void Add(T change)
    {
        if (_pending.Count == MaxPending || _pending.Count > 0 && !IsOfSameArtifact(_pending[0], change))
            Commit();
        _pending.Add(change);
    }

    /// <summary>Commits the changes that were added.</summary>
    public void Commit()
    {
        List<T> changes = [.. _pending];
        _pending.Clear();
        if (changes.Count > 0)
            commit(changes);
    }

    /// <summary>Runs work for an item. Before a failure of it is reported, which may end the command, the changes for earlier
    /// items are committed.</summary>
    public void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            Commit();
            throw;
        }
    }

    private bool IsOfSameArtifact(T one, T other) =>
        versionOf(one).Store == versionOf(other).Store && versionOf(one).Name == versionOf(other).Name;
}

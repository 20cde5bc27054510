using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>One program with one data set, and the state of its store. Preparations are not timed.</summary>
internal sealed class Subject(PeerKind kind, Workspace workspace)
{
    private bool _isPublished;
    private int _changes;

    public PeerKind Kind { get; } = kind;

    public Workspace Workspace { get; } = workspace;

    public Peer Peer { get; } = kind.Open(workspace);

    /// <summary>Prepares an empty store and no caches.</summary>
    public void BeginEmpty()
    {
        Workspace.Clear();
        Run(Peer.Initialize());
        // The command to be timed publishes.
        (_isPublished, _changes) = (true, 0);
    }

    /// <summary>Prepares a store with the original data set.</summary>
    public void BeginPublished()
    {
        if (_isPublished)
            return;
        BeginEmpty();
        Run(Peer.Publish());
    }

    /// <summary>Prepares a store with a version, and an empty destination.</summary>
    public void BeginToRestore()
    {
        BeginPublished();
        Workspace.ClearDestination();
        // In memory, like the data set itself.
        Trees.Read(Workspace.Store);
    }

    /// <summary>Prepares a store with a version, and a destination that has it.</summary>
    public void BeginRestored()
    {
        if (Directory.Exists(Workspace.Destination))
            return;
        BeginToRestore();
        Run(Peer.Restore());
    }

    /// <summary>Prepares a store with a version, in memory.</summary>
    public void BeginRead()
    {
        BeginPublished();
        Trees.Read(Workspace.Store);
    }

    /// <summary>Prepares a store with a version, and changes the data set.</summary>
    public void BeginChanged()
    {
        BeginPublished();
        Workspace.Data.Change(++_changes);
    }

    /// <summary>Prepares a store with the original and the changed data set.</summary>
    public void BeginTwoVersions()
    {
        if (_isPublished && _changes > 0)
            return;
        BeginChanged();
        Run(Peer.PublishChange());
    }

    /// <summary>Whether the destination contains the whole data set.</summary>
    public bool HasRestoredAll()
    {
        var (files, bytes) = Trees.Measure(Workspace.Destination);
        return files == Workspace.Data.FileCount && bytes == Workspace.Data.Size;
    }

    private static void Run(Command? command)
    {
        if (command is not null)
            ProcessTimer.Run(command);
    }
}

using ArtifactsPS.Benchmarks.Data;
using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Benchmarks.Peers;

namespace ArtifactsPS.Benchmarks.Scenarios;

/// <summary>One program at work on one data set, and how far it has come. What brings it there is not timed.</summary>
internal sealed class Subject(PeerKind kind, Workspace workspace)
{
    private bool _isPublished;
    private int _changes;

    public PeerKind Kind { get; } = kind;

    public Workspace Workspace { get; } = workspace;

    public Peer Peer { get; } = kind.Open(workspace);

    /// <summary>An empty store, and none of the caches that the program may have made.</summary>
    public void BeginEmpty()
    {
        Workspace.Clear();
        Run(Peer.Initialize());
        // What is about to be timed publishes.
        (_isPublished, _changes) = (true, 0);
    }

    /// <summary>A store with the data set as it was first.</summary>
    public void BeginPublished()
    {
        if (_isPublished)
            return;
        BeginEmpty();
        Run(Peer.Publish());
    }

    /// <summary>A store with a version, and an empty folder.</summary>
    public void BeginToRestore()
    {
        BeginPublished();
        Workspace.ClearDestination();
        // Read by what is about to be timed, and in memory like the data set itself.
        Trees.Read(Workspace.Store);
    }

    /// <summary>A store with a version, and a folder that it was restored to.</summary>
    public void BeginRestored()
    {
        if (Directory.Exists(Workspace.Destination))
            return;
        BeginToRestore();
        Run(Peer.Restore());
    }

    /// <summary>A store with a version, read before.</summary>
    public void BeginRead()
    {
        BeginPublished();
        Trees.Read(Workspace.Store);
    }

    /// <summary>A store with a version, and another change to the data set.</summary>
    public void BeginChanged()
    {
        BeginPublished();
        Workspace.Data.Change(++_changes);
    }

    /// <summary>A store with the data set as it was first, and changed.</summary>
    public void BeginTwoVersions()
    {
        if (_isPublished && _changes > 0)
            return;
        BeginChanged();
        Run(Peer.PublishChange());
    }

    /// <summary>Whether all that was published is in the folder it was restored to.</summary>
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

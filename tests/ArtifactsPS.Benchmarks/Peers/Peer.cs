using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>
/// A program that versions, copies or checks files. Each command stands for one whole piece of work, and is null where the
/// program has no such thing.
/// </summary>
internal abstract class Peer(Workspace workspace)
{
    protected Workspace Workspace { get; } = workspace;

    protected string Data => Workspace.Data.Folder;

    protected string ChangingFile => Workspace.Data.ChangingFile;

    protected string Store => Workspace.Store;

    protected string Destination => Workspace.Destination;

    /// <summary>Makes an empty store; null where a folder is all it takes.</summary>
    public virtual Command? Initialize() => null;

    /// <summary>Stores the data set as the next version.</summary>
    public virtual Command? Publish() => null;

    /// <summary>Stores the data set as the first version from a list of its files, one by one.</summary>
    public virtual Command? PublishListed() => null;

    /// <summary>Stores the data set as the first version by eight processes at once, each of which has an eighth.</summary>
    public virtual Command? PublishTogether() => null;

    /// <summary>Stores it when there is a version.</summary>
    public virtual Command? PublishAgain() => Publish();

    /// <summary>Stores it when one file has changed.</summary>
    public virtual Command? PublishChange() => PublishAgain();

    /// <summary>Restores the last version to a folder.</summary>
    public virtual Command? Restore() => null;

    /// <summary>Restores it when all of it is there.</summary>
    public virtual Command? RestoreAgain() => Restore();

    /// <summary>Reads all that is stored, and checks it.</summary>
    public virtual Command? Verify() => null;

    /// <summary>Lists what differs between the last two versions, of which each was published as a change.</summary>
    public virtual Command? Compare() => null;

    /// <summary>Writes one file's content to standard output.</summary>
    public virtual Command? ReadFile() => null;

    /// <summary>Starts, and does nothing.</summary>
    public virtual Command? Start() => null;
}

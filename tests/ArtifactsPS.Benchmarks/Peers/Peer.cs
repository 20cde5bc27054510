using ArtifactsPS.Benchmarks.Measuring;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>
/// A program that versions, copies or checks files. Each command is one scenario, or null if the program doesn't support
/// it.
/// </summary>
internal abstract class Peer(Workspace workspace)
{
    protected Workspace Workspace { get; } = workspace;

    protected string Data => Workspace.Data.Folder;

    protected string ChangingFile => Workspace.Data.ChangingFile;

    protected string Store => Workspace.Store;

    protected string Destination => Workspace.Destination;

    /// <summary>Creates an empty store; null if an empty folder is enough.</summary>
    public virtual Command? Initialize() => null;

    /// <summary>Stores the data set as the next version.</summary>
    public virtual Command? Publish() => null;

    /// <summary>Stores the data set as the first version, from a list of its files.</summary>
    public virtual Command? PublishListed() => null;

    /// <summary>Stores the data set as the first version, with eight processes that each add an eighth.</summary>
    public virtual Command? PublishTogether() => null;

    /// <summary>Stores the unchanged data set again.</summary>
    public virtual Command? PublishAgain() => Publish();

    /// <summary>Stores the data set after one file has changed.</summary>
    public virtual Command? PublishChange() => PublishAgain();

    /// <summary>Restores the newest version to an empty folder.</summary>
    public virtual Command? Restore() => null;

    /// <summary>Restores the newest version to a folder that already has it.</summary>
    public virtual Command? RestoreAgain() => Restore();

    /// <summary>Reads and checks all stored bytes.</summary>
    public virtual Command? Verify() => null;

    /// <summary>Lists the differences between the two newest versions.</summary>
    public virtual Command? Compare() => null;

    /// <summary>Writes the content of one file to standard output.</summary>
    public virtual Command? ReadFile() => null;

    /// <summary>Starts and exits.</summary>
    public virtual Command? Start() => null;
}

using ArtifactsPS.Benchmarks.Data;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>Folders in which one program works on one data set.</summary>
/// <param name="root">Folder that contains the others.</param>
/// <param name="aside">Folder for the folders that are no longer needed.</param>
/// <param name="data">Data set to publish.</param>
internal sealed class Workspace(string root, string aside, DataSet data)
{
    public DataSet Data { get; } = data;

    /// <summary>Folder of the store.</summary>
    public string Store { get; } = Path.Combine(root, "store");

    /// <summary>Folder to restore to.</summary>
    public string Destination { get; } = Path.Combine(root, "restored");

    /// <summary>Home folder for the program's settings and caches.</summary>
    public string Home { get; } = Path.Combine(root, "home");

    /// <summary>Begins with an empty store and no caches.</summary>
    public void Clear()
    {
        SetAside();
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Home);
    }

    public void ClearDestination()
    {
        SetDestinationAside();
        Directory.CreateDirectory(Destination);
    }

    public void SetDestinationAside() => Trees.SetAside(Destination, aside);

    public void SetAside() => Trees.SetAside(root, aside);
}

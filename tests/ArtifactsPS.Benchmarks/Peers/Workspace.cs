using ArtifactsPS.Benchmarks.Data;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>Folders in which one program works on one data set.</summary>
/// <param name="root">Folder that contains the others.</param>
/// <param name="data">Data set to publish.</param>
internal sealed class Workspace(string root, DataSet data)
{
    public DataSet Data { get; } = data;

    /// <summary>Folder of the store.</summary>
    public string Store { get; } = Path.Combine(root, "store");

    /// <summary>Folder to restore to.</summary>
    public string Destination { get; } = Path.Combine(root, "restored");

    /// <summary>Home folder for the program's settings and caches.</summary>
    public string Home { get; } = Path.Combine(root, "home");

    /// <summary>Deletes the store and all caches.</summary>
    public void Clear()
    {
        Trees.Delete(root);
        Directory.CreateDirectory(Store);
        Directory.CreateDirectory(Home);
    }

    public void ClearDestination()
    {
        Trees.Delete(Destination);
        Directory.CreateDirectory(Destination);
    }

    public void Delete() => Trees.Delete(root);
}

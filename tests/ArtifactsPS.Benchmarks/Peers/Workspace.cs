using ArtifactsPS.Benchmarks.Data;

namespace ArtifactsPS.Benchmarks.Peers;

/// <summary>Where one program works on one data set.</summary>
/// <param name="root">The folder that holds it all.</param>
/// <param name="data">What is published.</param>
internal sealed class Workspace(string root, DataSet data)
{
    public DataSet Data { get; } = data;

    /// <summary>What is published to.</summary>
    public string Store { get; } = Path.Combine(root, "store");

    /// <summary>What is restored to.</summary>
    public string Destination { get; } = Path.Combine(root, "restored");

    /// <summary>The home folder, with the program's settings and caches.</summary>
    public string Home { get; } = Path.Combine(root, "home");

    /// <summary>Begins with nothing: no store, no cache.</summary>
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

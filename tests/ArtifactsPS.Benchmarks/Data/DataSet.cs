namespace ArtifactsPS.Benchmarks.Data;

/// <summary>A tree of files to measure with: the same bytes on every machine, made once and kept.</summary>
/// <param name="root">The folder that all data sets are kept in.</param>
/// <param name="name">Its name, which is also its folder's.</param>
internal abstract class DataSet(string root, string name)
{
    public string Name { get; } = name;

    /// <summary>What it is, in words; what was made as something else is made again.</summary>
    public abstract string Description { get; }

    public string Folder { get; } = Path.Combine(root, name);

    /// <summary>The path, within the folder and with <c>/</c>, of the file that is read by itself and that changes.</summary>
    public abstract string ChangingFile { get; }

    public long FileCount { get; private set; }

    /// <summary>In bytes.</summary>
    public long Size { get; private set; }

    private string Marker => Folder + ".complete";

    /// <summary>Makes the files unless they are there, undoes what an interrupted run has changed, and reads them all, so
    /// that whoever is measured first finds them in memory like all others.</summary>
    public void Prepare()
    {
        if (!File.Exists(Marker) || File.ReadAllText(Marker) != Description)
        {
            File.Delete(Marker);
            Trees.Delete(Folder);
            Directory.CreateDirectory(Folder);
            Make();
            File.WriteAllText(Marker, Description);
        }
        Undo();
        (FileCount, Size) = Trees.Read(Folder);
    }

    /// <summary>Changes the file that changes.</summary>
    /// <param name="seed">What was changed with another seed has other content.</param>
    public abstract void Change(int seed);

    /// <summary>Gives the file that changes its first content, if it has another.</summary>
    public abstract void Undo();

    protected abstract void Make();
}

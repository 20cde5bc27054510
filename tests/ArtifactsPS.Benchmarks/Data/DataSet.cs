namespace ArtifactsPS.Benchmarks.Data;

/// <summary>A folder of files to measure with. It has the same bytes on every machine, and is created once.</summary>
/// <param name="root">Folder that contains all data sets.</param>
/// <param name="name">Name of the data set and of its folder.</param>
internal abstract class DataSet(string root, string name)
{
    public string Name { get; } = name;

    /// <summary>Description for reports. An existing folder with another description is created again.</summary>
    public abstract string Description { get; }

    public string Folder { get; } = Path.Combine(root, name);

    /// <summary>Path of the file that is read alone and that changes, relative to the folder, with <c>/</c>.</summary>
    public abstract string ChangingFile { get; }

    public long FileCount { get; private set; }

    /// <summary>Total size in bytes.</summary>
    public long Size { get; private set; }

    private string Marker => Folder + ".complete";

    /// <summary>Creates missing files, undoes the changes of an interrupted run, and reads all files, so that they are in
    /// memory also for the program that is measured first.</summary>
    public void Prepare()
    {
        if (!File.Exists(Marker) || File.ReadAllText(Marker) != Description)
        {
            File.Delete(Marker);
            Trees.Delete(Folder);
            Directory.CreateDirectory(Folder);
            Create();
            File.WriteAllText(Marker, Description);
        }
        Undo();
        (FileCount, Size) = Trees.Read(Folder);
    }

    /// <summary>Changes <see cref="ChangingFile"/>.</summary>
    /// <param name="seed">Each seed gives different content.</param>
    public abstract void Change(int seed);

    /// <summary>Restores the original content of <see cref="ChangingFile"/>.</summary>
    public abstract void Undo();

    protected abstract void Create();
}

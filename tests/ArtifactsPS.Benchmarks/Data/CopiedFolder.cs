namespace ArtifactsPS.Benchmarks.Data;

/// <summary>A copy of a real folder.</summary>
/// <param name="source">Folder to copy.</param>
/// <param name="description">Description for reports.</param>
/// <param name="changingFile">A text file of the folder, relative to it.</param>
internal sealed class CopiedFolder(string root, string name, string source, string description, string changingFile)
    : DataSet(root, name)
{
    public override string Description => description;

    public override string ChangingFile => changingFile;

    private string FilePath => Path.Combine(Folder, ChangingFile);

    /// <summary>The .NET SDK: assemblies, text, deep folders, links and executables.</summary>
    public static CopiedFolder OfSdk(string root, string name)
    {
        // The shared runtime of this process is in <root>/shared/Microsoft.NETCore.App/<version>.
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var sdk = Directory
            .EnumerateDirectories(Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "sdk")))
            .OrderByDescending(folder => Version.TryParse(Path.GetFileName(folder), out var version) ? version : new())
            .First();
        return new CopiedFolder(root, name, sdk, $"the .NET SDK {Path.GetFileName(sdk)}", "dotnet.runtimeconfig.json");
    }

    /// <summary>A tree of sources and documentation.</summary>
    /// <param name="source">Folder to copy. It contains a Markdown page.</param>
    public static CopiedFolder OfSources(string root, string name, string source)
    {
        var changing = Directory
            .EnumerateFiles(source, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(source, file))
            .Order(StringComparer.Ordinal)
            .First();
        return new CopiedFolder(
            root,
            name,
            source,
            $"sources and documentation, '{Path.GetFileName(source)}'",
            changing
        );
    }

    public override void Change(int seed) =>
        File.WriteAllText(FilePath, File.ReadAllText(Path.Combine(source, ChangingFile)) + new string('\n', seed + 1));

    public override void Undo()
    {
        var original = File.ReadAllBytes(Path.Combine(source, ChangingFile));
        if (!File.ReadAllBytes(FilePath).AsSpan().SequenceEqual(original))
            File.WriteAllBytes(FilePath, original);
    }

    protected override void Create() => Trees.Copy(source, Folder);
}

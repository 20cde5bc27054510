namespace ArtifactsPS.Benchmarks.Data;

/// <summary>A copy of the .NET SDK: a real folder with assemblies, text, deep folders, links and executables.</summary>
internal sealed class SdkFolder(string root, string name) : DataSet(root, name)
{
    private static readonly string Sdk = FindSdk();

    public override string Description => $"the .NET SDK {Path.GetFileName(Sdk)}";

    public override string ChangingFile => "dotnet.runtimeconfig.json";

    private string FilePath => Path.Combine(Folder, ChangingFile);

    public override void Change(int seed) =>
        File.WriteAllText(FilePath, File.ReadAllText(Path.Combine(Sdk, ChangingFile)) + new string('\n', seed + 1));

    public override void Undo()
    {
        var original = File.ReadAllBytes(Path.Combine(Sdk, ChangingFile));
        if (!File.ReadAllBytes(FilePath).AsSpan().SequenceEqual(original))
            File.WriteAllBytes(FilePath, original);
    }

    protected override void Create() => Trees.Copy(Sdk, Folder);

    // The shared runtime of this process is in <root>/shared/Microsoft.NETCore.App/<version>.
    private static string FindSdk()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var installed = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "sdk"));
        return Directory
            .EnumerateDirectories(installed)
            .OrderByDescending(folder => Version.TryParse(Path.GetFileName(folder), out var version) ? version : new())
            .First();
    }
}

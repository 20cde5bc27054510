using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Module;

/// <summary>
/// Each reference of each assembly in the package is in the package or in the runtime. Windows PowerShell binds only equal
/// versions, so a different one needs the module's resolver, which prefers the module's folder to that of a store.
/// </summary>
public sealed class AssemblyClosureTests
{
    private static bool BindsExactVersions => Suite.Flavour == "netstandard2.0";

    public static TheoryData<string> Folders =>
        [
            .. new[] { "" }.Concat(
                Directory
                    .GetDirectories(Path.Combine(AssemblyFile.ModuleFolder, "stores"))
                    .Select(folder => Path.GetRelativePath(AssemblyFile.ModuleFolder, folder))
            ),
        ];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_reference_is_found(string folder)
    {
        var own = AssemblyFile.ReadAll(Path.Combine(AssemblyFile.ModuleFolder, folder)).ToList();
        var module = AssemblyFile.ReadAll(AssemblyFile.ModuleFolder).ToDictionary(file => file.Name);
        var problems =
            from file in own
            from reference in file.References
            where !AssemblyFile.IsOfFramework(reference.Name, reference.Version)
            let found = module.GetValueOrDefault(reference.Name) is { } shared && shared.Version >= reference.Version
                ? shared
                : own.Find(other => other.Name == reference.Name)
            where found is null || found.Version < reference.Version
            select $"{file.Name} needs {reference.Name} {reference.Version}, and there is {found?.Version.ToString() ?? "none"}";
        Assert.Empty(problems);
    }

    [Fact]
    public void Only_packages_with_old_references_need_the_resolver()
    {
        Assert.SkipUnless(BindsExactVersions, "Later runtimes accept later versions.");
        var files = AssemblyFile.ReadAll(AssemblyFile.ModuleFolder).ToDictionary(file => file.Name);
        var needing =
            from file in files.Values
            where
                file.References.Any(reference =>
                    !AssemblyFile.IsOfFramework(reference.Name, reference.Version)
                    && files[reference.Name].Version != reference.Version
                )
            orderby file.Name
            select file.Name;
        Assert.Equal(["ZstdSharp"], needing);
    }

    // Types such as IAsyncEnumerable and Memory pass between Core and a store.
    [Fact]
    public void Stores_share_the_assemblies_of_Core()
    {
        Assert.SkipUnless(BindsExactVersions, "The types are in the runtime.");
        HashSet<string> shared =
        [
            "Microsoft.Bcl.AsyncInterfaces",
            "Microsoft.Bcl.TimeProvider",
            "System.Buffers",
            "System.Memory",
            "System.Threading.Tasks.Extensions",
        ];
        var core = AssemblyFile.ReadAll(AssemblyFile.ModuleFolder).ToDictionary(file => file.Name);
        var older =
            from file in AssemblyFile.ReadAll(
                Path.Combine(AssemblyFile.ModuleFolder, "stores"),
                SearchOption.AllDirectories
            )
            from reference in file.References
            where shared.Contains(reference.Name) && core[reference.Name].Version < reference.Version
            select $"{file.Name} needs {reference.Name} {reference.Version}";
        Assert.Empty(older);
    }
}

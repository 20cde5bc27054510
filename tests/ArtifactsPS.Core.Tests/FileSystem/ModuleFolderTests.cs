using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class ModuleFolderTests
{
    [Theory]
    [InlineData("net8.0")]
    [InlineData("net8.0/net10.0-linux-x64")]
    public void Machine_code_uses_folders_of_portable_assemblies(string assemblies)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["net8.0/stores/kind"]);
        Directory.CreateDirectory(folder["net8.0/net10.0-linux-x64/stores/kind"]);

        Assert.Equal(folder["net8.0/stores"], Path.GetFullPath(ModuleFolder.PathOf(folder[assemblies], "stores")));
    }

    [Theory]
    [InlineData("Compiled.dll", "net8.0/net10.0-linux-x64/stores/kind/Compiled.dll")]
    [InlineData("Portable.dll", "net8.0/stores/kind/Portable.dll")]
    public void Store_assembly_is_taken_from_machine_code_if_present(string name, string expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["net8.0/net10.0-linux-x64/stores/kind"]);
        File.WriteAllText(folder["net8.0/net10.0-linux-x64/stores/kind/Compiled.dll"], "");

        var found = ModuleFolder.CompiledPathOf(
            folder["net8.0/net10.0-linux-x64"],
            folder[$"net8.0/stores/kind/{name}"]
        );

        Assert.Equal(folder[expected], found);
    }
}

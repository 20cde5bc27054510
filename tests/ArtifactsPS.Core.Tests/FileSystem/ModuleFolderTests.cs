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
        Directory.CreateDirectory(folder["net8.0/net10.0-linux-x64"]);

        Assert.Equal(folder["net8.0/stores"], Path.GetFullPath(ModuleFolder.PathOf(folder[assemblies], "stores")));
    }
}

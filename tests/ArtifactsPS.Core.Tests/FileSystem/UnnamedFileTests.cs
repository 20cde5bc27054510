using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.FileSystem;

/// <summary>Files that get a name when they are complete.</summary>
public sealed class UnnamedFileTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Complete_file_gets_its_name()
    {
        using var folder = Open();

        Write(folder, "first", "file", isNew: true);

        Assert.Equal(["file"], folder.Names());
        Assert.Equal("first", _temp.Read("file"));
    }

    [Fact]
    public void Existing_name_is_kept()
    {
        using var folder = Open();
        _temp.Write("file", "kept");
        _temp.Link("link", "missing");

        Write(folder, "other", "file", isNew: false);
        Write(folder, "other", "link", isNew: false);

        Assert.Equal("kept", _temp.Read("file"));
        Assert.Equal(["file", "link"], folder.Names().Order());
    }

    private LinuxFolder Open()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "Only on Linux.");
        return LinuxFolder.Open(_temp.Path);
    }

    private static void Write(LinuxFolder folder, string text, string name, bool isNew)
    {
        var descriptor = folder.TryCreateUnnamed();
        Assert.SkipWhen(descriptor < 0, "The file system has no files without a name.");
        LinuxFile.Write(name, descriptor, Encoding.UTF8.GetBytes(text));
        Assert.DoesNotContain(folder.Names(), other => other.StartsWith('.') || (isNew && other == name));
        Assert.Equal(isNew, folder.TryName(descriptor, name));
        LinuxFile.Close(descriptor);
    }
}

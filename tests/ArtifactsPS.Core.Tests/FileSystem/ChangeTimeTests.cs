using System.IO.MemoryMappedFiles;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.FileSystem;

/// <summary>Files whose change time doesn't prove that they are unchanged are not put in the file index.</summary>
public sealed class ChangeTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ChangeTimeTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux reports change times.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Closed_file_has_a_change_time()
    {
        var file = _folder.Write("file", "content");
        Assert.SkipWhen(FileState.Of(file).Changed == 0, "The temporary folder has no change times to rely on.");
        using var reader = new FileReader(file);
        Assert.NotEqual(0, reader.State.Changed);
        reader.CheckUnchanged(reader.Read(new byte[10], 0, 10));
    }

    [Fact]
    public void File_open_for_writing_has_no_change_time()
    {
        var file = _folder.Write("file", "content");
        using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            AssertNoChangeTime(file);
        using (new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        using (var reader = new FileReader(file))
            Assert.Equal(FileState.Of(file).Changed, reader.State.Changed);
    }

    [Fact]
    public void File_mapped_for_writing_has_no_change_time()
    {
        var file = _folder.Write("file", new byte[5000]);
        Map(file, () => AssertNoChangeTime(file));
    }

    [Fact]
    public void Change_through_a_mapping_is_found()
    {
        var file = _folder.Write("file", new byte[5000]);
        Assert.SkipWhen(FileState.Of(file).Changed == 0, "The temporary folder has no change times to rely on.");
        FileState before;
        using (var reader = new FileReader(file))
            before = reader.State;
        Assert.NotEqual(0, before.Changed);
        // The kernel's clock for times advances by ticks.
        while (FileState.Of(_folder.Write("clock", "")).Changed <= before.Changed) { }
        Map(file, () => Assert.NotEqual(before, FileState.Of(file)));
    }

    [Theory]
    [InlineData("/proc/self/status")]
    [InlineData("/sys/kernel/mm/transparent_hugepage/enabled")]
    public void Other_file_system_has_no_change_time(string file)
    {
        Assert.SkipUnless(File.Exists(file), "The system has no such file.");
        Assert.Equal(0, FileState.Of(file).Changed);
    }

    private static void Map(string file, Action act)
    {
        // Closed, but still mapped.
        MemoryMappedViewAccessor view;
        using (var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open))
            view = mapped.CreateViewAccessor();
        using (view)
        {
            view.Write(0, (byte)1);
            act();
        }
    }

    private static void AssertNoChangeTime(string file)
    {
        using var reader = new FileReader(file);
        Assert.Equal(0, reader.State.Changed);
        // Reading it is no change.
        var read = 0;
        for (int count; (count = reader.Read(new byte[8192], 0, 8192)) > 0; )
            read += count;
        reader.CheckUnchanged(read);
    }
}

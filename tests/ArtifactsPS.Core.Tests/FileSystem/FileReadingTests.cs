using System.Security.Cryptography;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class FileReadingTests : IDisposable
{
    private readonly MemoryObjectStore _store = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("append")]
    [InlineData("truncate")]
    [InlineData("overwrite")]
    [InlineData("overwrite with the old time")]
    public async Task Large_file_changed_while_reading_fails(string how)
    {
        var file = _folder.Write("large", RandomNumberGenerator.GetBytes(16 << 20));
        var time = File.GetLastWriteTimeUtc(file);
        await using var writer = new ContentWriter(new FirstWriteHook(_store, () => Change(file, how, time)));
        var error = await Assert.ThrowsAsync<FileChangedWhileReadingException>(() =>
            writer.AddFileAsync(file, (_, _) => default, null, new TransferProgress(), Token)
        );
        Assert.Equal(file, error.Target);
        Assert.Empty(_store.Keys);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("truncate")]
    [InlineData("overwrite")]
    [InlineData("overwrite with the old time")]
    public void Small_file_changed_while_reading_fails(string how)
    {
        var file = _folder.Write("small", "some bytes");
        var time = File.GetLastWriteTimeUtc(file);
        using var reader = new FileReader(file);
        var buffer = new byte[5];
        Assert.Equal(5, reader.Read(buffer, 0, 5));
        Change(file, how, time);
        var rest = reader.Read(new byte[100], 0, 100);
        Assert.Throws<FileChangedWhileReadingException>(() => reader.CheckUnchanged(5 + rest));
    }

    [Fact]
    public void Unchanged_file_can_be_read_again()
    {
        using var reader = new FileReader(_folder.Write("a [b].txt", "some bytes"));
        var buffer = new byte[100];
        Assert.Equal(10, reader.Read(buffer, 0, 100));
        reader.CheckUnchanged(10);
        reader.Rewind();
        Assert.Equal(10, reader.Read(buffer, 5, 95));
        Assert.Equal("some bytes"u8, buffer.AsSpan(5, 10));
        Assert.Throws<FileChangedWhileReadingException>(() => reader.CheckUnchanged(9));
    }

    [Fact]
    public void Missing_files_and_folders_fail_differently()
    {
        Assert.Throws<FileNotFoundException>(() => new FileReader(_folder["none"]));
        Assert.Throws<FileNotFoundException>(() => new FileReader(_folder["none/below"]));
        Assert.Throws<FileNotFoundException>(() => new FileReader(_folder.Write("file", "") + "/below"));
        Assert.ThrowsAny<Exception>(() => new FileReader(_folder.Path));
    }

    [Fact]
    public void Broken_links_fail_like_missing_files()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new FileReader(_folder.Link("link", _folder["none"])));
        Assert.Contains("link", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => new FileReader(_folder.Link("self", _folder["self"])));
    }

    [Fact]
    public void Pipe_is_refused_without_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There are no pipes among the files.");
        var pipe = _folder["pipe"];
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            mkfifo.WaitForExit();
        Assert.Throws<IOException>(() => new FileReader(pipe));
    }

    [Theory]
    [InlineData("/proc/version")]
    [InlineData("/proc/self/limits")]
    [InlineData("/proc/kallsyms")]
    public async Task File_of_unknown_size_is_read_to_its_end(string file)
    {
        Assert.SkipUnless(File.Exists(file), "There is no such file.");
        Assert.Equal(0, new FileInfo(file).Length);
        var content = await File.ReadAllBytesAsync(file, Token);
        Assert.NotEmpty(content);
        await using var writer = new ContentWriter(_store);
        var (blob, _) = await writer.AddFileAsync(file, (_, _) => default, null, new TransferProgress(), Token);
        await writer.FlushAsync(Token);
        Assert.Equal((Sha256.Of(content), content.LongLength), (blob.Digest, blob.Size));
        Assert.Equal(content, await new ContentReader(_store).ReadAsync(blob, Token));
        Assert.Equal((blob.Digest, blob.Size), ReferencedFile.Hash(file, Token));
    }

    [Fact]
    public async Task File_of_unknown_size_is_read_each_time()
    {
        const string Uptime = "/proc/uptime";
        Assert.SkipUnless(File.Exists(Uptime), "There is no such file.");
        var store = await TestStore.CreateAsync();
        var before = "";
        for (var i = 0; i < 2; i++)
        {
            await using var draft = store.Begin();
            await draft.AddFileAsync("uptime", Uptime);
            var text = await store.ReadTextAsync(await draft.PublishAsync(), "uptime");
            Assert.NotEmpty(text);
            Assert.NotEqual(before, text);
            before = text;
            // Its resolution is a hundredth of a second.
            SpinWait.SpinUntil(() => File.ReadAllText(Uptime) != text, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public void Link_is_read_as_its_target()
    {
        var file = _folder.Write("file", "content");
        var link = _folder.Link("link", file);
        using var reader = new FileReader(link);
        Assert.Equal(7, reader.State.Size);
        Assert.Equal(FileState.Of(file), reader.State);
        Assert.Equal(Sha256.Of("content"u8), FileHash.Of(link, Token));
    }

    [Fact]
    public void State_includes_executable_bit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such bit.");
        var file = _folder.Write("run.sh", "");
        Assert.False(FileState.Of(file).Executable);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.True(FileState.Of(file).Executable);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherExecute);
        Assert.False(FileState.Of(file).Executable);
    }

    private static void Change(string file, string how, DateTime time)
    {
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            if (how == "append")
                stream.Seek(0, SeekOrigin.End);
            if (how == "truncate")
                stream.SetLength(3);
            else
                stream.Write("!"u8);
        }
        // As if the system's clock had ticked on since the file was opened, unless the time is put back.
        File.SetLastWriteTimeUtc(file, how.EndsWith("time", StringComparison.Ordinal) ? time : time.AddSeconds(1));
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Transfer.Archives;

/// <summary>Archives that were made or changed by others: nothing of them is published, and what is wrong is said.</summary>
public sealed class HostileArchiveTests : ArchiveFixture
{
    [Theory]
    [InlineData("../evil", "files/../evil")]
    [InlineData("/evil", "files//evil")]
    [InlineData("a/./b", "files/a/./b")]
    [InlineData("a\\b", "files/a\\b")]
    [InlineData("C:/evil", "files/C:/evil")]
    public async Task Archive_with_path_outside_is_refused(string path, string name)
    {
        await WriteChangedAsync(files => [.. files, (name, "evil")]);
        await AssertRefusedAsync(name);

        await WriteChangedAsync(files =>
            Replace(files, 0, "\"path\":\"b\"", $"\"path\":\"{path.Replace("\\", "\\\\", StringComparison.Ordinal)}\"")
        );
        await AssertRefusedAsync(path);
    }

    [Theory]
    [InlineData("evil")]
    [InlineData("../evil")]
    [InlineData("/files/a")]
    [InlineData("file/a")]
    [InlineData("files")]
    [InlineData("Artifact.json")]
    public async Task Archive_with_unexpected_file_is_refused(string name)
    {
        await WriteChangedAsync(files => [.. files, (name, "evil")]);
        await AssertRefusedAsync(name);
    }

    [Fact]
    public async Task Archive_with_duplicate_name_is_refused()
    {
        await WriteChangedAsync(files => [.. files, ("files/a", "1")]);
        await AssertRefusedAsync("'files/a' is listed twice");
        await WriteChangedAsync(files => [.. files, files[0]]);
        await AssertRefusedAsync("artifact.json");
    }

    [Fact]
    public async Task Archive_with_missing_or_extra_file_is_refused()
    {
        await WriteChangedAsync(files => [.. files.Take(2)]);
        await AssertRefusedAsync("'b' is missing");
        await WriteChangedAsync(files => [.. files, ("files/c", "3")]);
        await AssertRefusedAsync("'c' is not in its list");
    }

    [Theory]
    [InlineData("\"size\":1", "\"size\":2", "bytes")]
    [InlineData("\"size\":1", "\"size\":-1", "'size'")]
    [InlineData("\"path\":\"b\"", "\"path\":\"a\"", "twice or out of order")]
    [InlineData("\"format\": 1", "\"format\": 2", "format is 2")]
    [InlineData("\"entries\"", "\"entires\"", "not an object with a list of entries")]
    [InlineData("\"digest\": \"", "\"digest\": \"0", "'digest'")]
    [InlineData("\"type\": \"model\"", "\"type\": \"model\", \"tags\": [{}]", "tags")]
    [InlineData("[", "[[", "entry")]
    [InlineData("}", "", "")]
    public async Task Archive_with_invalid_manifest_is_refused(string before, string after, string expected)
    {
        await WriteChangedAsync(files => Replace(files, 0, before, after));
        await AssertRefusedAsync(expected);
    }

    [Fact]
    public async Task File_that_is_no_archive_is_refused()
    {
        File.WriteAllText(Archive, "not packed");
        await AssertRefusedAsync("it is not a ZIP archive, or is damaged");
    }

    [Fact]
    public async Task Archive_without_manifest_is_refused()
    {
        await WriteChangedAsync(files => [.. files.Skip(1)]);
        await AssertRefusedAsync("artifact.json");
    }

    [Fact]
    public async Task Archive_with_changed_content_is_refused()
    {
        await WriteChangedAsync(files => Replace(files, 1, "1", "2"));
        await AssertRefusedAsync("'a' doesn't match its digest");
    }

    [Fact]
    public async Task Archive_with_wrong_version_digest_is_refused()
    {
        await WriteChangedAsync(files => Replace(files, 0, "\"path\":\"b\"", "\"executable\":true,\"path\":\"b\""));
        await AssertRefusedAsync("instead of sha256:");
    }

    [Fact]
    public async Task Truncated_or_other_file_is_refused()
    {
        Folder.Write("a.zip", "no archive");
        await AssertRefusedAsync("");
        await WriteChangedAsync(files => files);
        var bytes = await File.ReadAllBytesAsync(Archive, Token);
        await File.WriteAllBytesAsync(Archive, bytes[..^30], Token);
        await AssertRefusedAsync("");
    }

    [Fact]
    public async Task Archive_with_impossible_size_is_refused()
    {
        await WriteChangedAsync(files => files);
        ForEachInDirectory(header => BinaryPrimitives.WriteUInt32LittleEndian(header[24..], 3_000_000_000));
        await AssertRefusedAsync("has an impossible size");
    }

    [Fact]
    public async Task Archive_with_file_larger_than_listed_is_refused()
    {
        await WriteChangedAsync(files => Replace(files, 2, "2", new string('3', 5000)));
        ForEachInDirectory(header =>
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) == 5000)
                BinaryPrimitives.WriteUInt32LittleEndian(header[24..], 1);
        });
        await AssertRefusedAsync("'b'");
    }

    [Fact]
    public async Task Archive_with_overlapping_files_is_refused()
    {
        await WriteChangedAsync(files => files);
        ForEachInDirectory(header => BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 500));
        await AssertRefusedAsync("its files overlap");
    }

    [Fact]
    public async Task Archive_with_endless_text_is_refused()
    {
        await WriteChangedAsync(files => files);
        var files = Read();
        File.Delete(Archive);
        using (var zip = await ZipFile.OpenAsync(Archive, ZipArchiveMode.Create, Token))
        {
            await using var manifest = await zip.CreateEntry("artifact.json").OpenAsync(Token);
            await manifest.WriteAsync(Encoding.UTF8.GetBytes("{ \"description\": \""), Token);
            var piece = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
            for (var i = 0; i < 80; i++)
                await manifest.WriteAsync(piece, Token);
        }
        await AssertRefusedAsync("million characters");
    }

    private async Task WriteChangedAsync(
        Func<List<(string Name, string Text)>, List<(string Name, string Text)>> change
    )
    {
        var version = await Here.PublishAsync("m", ("a", "1"), ("b", "2"));
        await ExportAsync(version, replace: true);
        var files = Read();
        File.Delete(Archive);
        Write([.. change(files)]);
    }

    private static List<(string, string)> Replace(
        List<(string Name, string Text)> files,
        int at,
        string before,
        string after
    )
    {
        Assert.Contains(before, files[at].Text, StringComparison.Ordinal);
        var start = files[at].Text.IndexOf(before, StringComparison.Ordinal);
        files[at] = (files[at].Name, files[at].Text.Remove(start, before.Length).Insert(start, after));
        return files;
    }

    private void ForEachInDirectory(SpanAction change)
    {
        var bytes = File.ReadAllBytes(Archive);
        for (var at = 0; ; at++)
        {
            var next = bytes.AsSpan(at).IndexOf("PK\u0001\u0002"u8);
            if (next < 0)
                break;
            at += next;
            change(bytes.AsSpan(at));
        }
        File.WriteAllBytes(Archive, bytes);
    }

    private async Task AssertRefusedAsync(string expected)
    {
        var failure = await Assert.ThrowsAsync<InvalidArchiveException>(() => ImportAsync());
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Archive, failure.Target);
        Assert.DoesNotContain(There.Memory.Keys, key => key.StartsWith("artifacts/", StringComparison.Ordinal));
    }

    private delegate void SpanAction(Span<byte> bytes);
}

using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>Names that a file system can't hold or can't tell apart are refused; all others are restored as they are.</summary>
public sealed class RestoreNamesTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("CON")]
    [InlineData("nul.txt")]
    [InlineData("dir/Com1/file")]
    [InlineData("COM\u00b9")]
    [InlineData("aux .c")]
    [InlineData("CONIN$")]
    [InlineData("trailing.")]
    [InlineData("trailing /file")]
    [InlineData("ab:stream")]
    [InlineData("what?")]
    [InlineData("a|b")]
    [InlineData("\"")]
    public async Task Invalid_Windows_names_are_refused_only_on_Windows(string path)
    {
        var version = await _fixture.PublishAsync("first", path);
        var windows = new FileSystemNames { HasWindowsRules = true, DropsTrailingDots = true };
        var error = await Assert.ThrowsAsync<PathNotRestorableException>(() => PlanAsync(version, windows));
        Assert.Equal(path, error.Target);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Empty((await _fixture.RestoreAsync(version)).Failures);
        Assert.Equal(path, _fixture.Folder.Read("destination/" + path));
    }

    [Theory]
    [InlineData("COM")]
    [InlineData("console.txt")]
    [InlineData("LPT10")]
    [InlineData("a.CON")]
    [InlineData(".hidden")]
    [InlineData("two words.txt")]
    public async Task Names_similar_to_invalid_ones_are_restored(string path)
    {
        var windows = new FileSystemNames { HasWindowsRules = true, DropsTrailingDots = true };
        using var folders = (await PlanAsync(await _fixture.PublishAsync(path), windows)).Folders;
        Assert.Equal(["", .. folders.All.Where(folder => folder.Length > 0)], folders.All);
    }

    [Theory]
    [InlineData("Name", "name")]
    [InlineData("dir/\u00c9", "dir/\u00e9")]
    [InlineData("Dir/a", "dir/b")]
    [InlineData("a/Dir/b/c", "a/dir/d")]
    public async Task Names_differing_in_case_are_refused_if_ignored(string one, string other)
    {
        var version = await _fixture.PublishAsync(one, other);
        await Assert.ThrowsAsync<PathNotRestorableException>(() =>
            PlanAsync(version, new FileSystemNames { IgnoresCase = true })
        );
        var both = new RestoreOptions { Selectors = [EntrySelector.Exactly(one), EntrySelector.Exactly(other)] };
        await Assert.ThrowsAsync<PathNotRestorableException>(() =>
            PlanAsync(version, new FileSystemNames { IgnoresCase = true }, both)
        );
        // Either of them can be restored alone.
        var chosen = new RestoreOptions { Selector = EntrySelector.Exactly(other) };
        var plan = await PlanAsync(version, new FileSystemNames { IgnoresCase = true }, chosen);
        Assert.Equal(1, plan.Count);
        Assert.Equal(2, (await PlanAsync(version, new FileSystemNames())).Count);
    }

    [Fact]
    public async Task Names_differing_in_normalization_are_refused_if_ignored()
    {
        var version = await _fixture.PublishAsync("caf\u00e9/a", "cafe\u0301/b");
        await Assert.ThrowsAsync<PathNotRestorableException>(() =>
            PlanAsync(version, new FileSystemNames { IgnoresNormalization = true })
        );
        Assert.Equal(2, (await PlanAsync(version, new FileSystemNames { IgnoresCase = true })).Count);
    }

    [Fact]
    public async Task File_and_folder_differing_in_case_are_refused()
    {
        var version = await _fixture.PublishAsync("A", "a/b");
        await Assert.ThrowsAsync<PathNotRestorableException>(() =>
            PlanAsync(version, new FileSystemNames { IgnoresCase = true })
        );
        Assert.Equal(2, (await PlanAsync(version, new FileSystemNames())).Count);
    }

    [Fact]
    public async Task Folders_with_many_entries_do_not_collide()
    {
        var version = await _fixture.PublishAsync("dir/a", "dir/b", "dir/sub/c", "dir/sub/d", "dis/a");
        Assert.Equal(5, (await PlanAsync(version, new FileSystemNames { IgnoresCase = true })).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(200)]
    public async Task Longest_valid_path_with_short_name_is_restored(int nameLength)
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "Elsewhere the limits are others.");
        var room = 4095 - Encoding.UTF8.GetByteCount(_fixture.Destination) - 1;
        var path = PathOf(room, nameLength);
        var version = await _fixture.PublishAsync(path);
        Assert.Empty((await _fixture.RestoreAsync(version)).Failures);
        Assert.Equal(path, File.ReadAllText(Path.Combine(_fixture.Destination, path)));
        // A second restore replaces a changed file.
        await File.WriteAllTextAsync(Path.Combine(_fixture.Destination, path), "changed", Token);
        Assert.Empty((await _fixture.RestoreAsync(version, new RestoreOptions { Clean = true })).Failures);
        Assert.Equal(path, File.ReadAllText(Path.Combine(_fixture.Destination, path)));

        version = await _fixture.PublishAsync("a", path + "x");
        await Assert.ThrowsAsync<PathNotRestorableException>(() => _fixture.RestoreAsync(version));
        Assert.False(File.Exists(Path.Combine(_fixture.Destination, "a")));
    }

    private static string PathOf(int length, int nameLength)
    {
        var path = new StringBuilder();
        while (length - path.Length - nameLength > 0)
            path.Append('d', Math.Min(200, length - path.Length - nameLength - 1)).Append('/');
        // The last two bytes may be a slash each, which would be an empty folder.
        return path.Append('n', length - path.Length).ToString().Replace("//", "d/", StringComparison.Ordinal);
    }

    private Task<RestorePlan> PlanAsync(
        PublishedVersion version,
        FileSystemNames names,
        RestoreOptions? options = null
    ) =>
        RestorePlan.CreateAsync(
            version.Manifest,
            _fixture.Destination,
            options ?? new RestoreOptions(),
            ProtectedFolders.OfUser(version.Store.Location),
            names,
            Token
        );
}

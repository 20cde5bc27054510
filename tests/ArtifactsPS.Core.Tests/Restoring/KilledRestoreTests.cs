using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>A restore that is killed leaves whole files only, and what it left half written the next one removes.</summary>
public sealed class KilledRestoreTests : IDisposable
{
    private const int MaxPoints = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_removes_leftovers_of_killed_restore()
    {
        var version = await PublishAsync();
        var (deaths, leftovers) = (0, 0);
        for (var point = 1; ; point++)
        {
            Assert.True(point < MaxPoints, "It does not end.");
            var destination = _folder[$"destination {point}"];
            var ending = await WriterProcess.RunAsync(
                "restore",
                _folder["store"],
                "model",
                "version=v1",
                $"destination={destination}",
                $"kill={point}"
            );
            foreach (var file in FilesBelow(destination))
                if (FileReplacement.IsStagedName(Path.GetFileName(file)))
                {
                    leftovers++;
                    File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
                }
                else
                    CheckWhole(file);
            await RestoreAsync(version, destination);
            Assert.Equal(["large", "small"], FilesBelow(destination).Select(Path.GetFileName).Order());
            Assert.All(FilesBelow(destination), CheckWhole);
            if (!ending.WasKilled)
            {
                ending.ShouldSucceed();
                break;
            }
            deaths++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"killed at {deaths} points, {leftovers} files left half written"
        );
        Assert.InRange(leftovers, 1, deaths);
    }

    [Fact]
    public async Task Entry_named_like_a_leftover_stays()
    {
        const string Name = ".artifact-0123456789ab.tmp";
        using var fixture = new RestoreFixture();
        var version = await fixture.PublishAsync(Name, "sub/file");
        await fixture.RestoreAsync(version);
        foreach (var path in new[] { Name, "sub/" + Name, "sub/.artifact-0123.tmp" })
        {
            var file = fixture.Folder.Write("destination/" + path, path);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        }

        await fixture.RestoreAsync(version);

        Assert.Equal(
            ["destination/" + Name, "destination/sub/.artifact-0123.tmp", "destination/sub/file"],
            fixture.DestinationSnapshot().Keys.Select(path => "destination/" + path)
        );
    }

    // Of v1 the large file lies in chunks of several objects.
    private async Task<PublishedVersion> PublishAsync()
    {
        var store = await VersionStore.CreateAsync(new FolderObjectStore(_folder["store"]), Token);
        PublishedVersion version = null!;
        for (var change = 0; change < 2; change++)
        {
            await using var draft = ArtifactDraft.Begin(
                store,
                ArtifactName.Parse("model"),
                TypeName.Parse("model"),
                []
            );
            await draft.AddFileAsync("large", _folder.Write("large", LargeFiles.Bytes(change)));
            await draft.AddTextAsync("sub/small", "small");
            version = await draft.PublishAsync();
        }
        return version;
    }

    private static void CheckWhole(string file) =>
        Assert.Equal(
            Path.GetFileName(file) == "large" ? LargeFiles.Bytes(1) : "small"u8.ToArray(),
            File.ReadAllBytes(file)
        );

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];

    private static async Task RestoreAsync(PublishedVersion version, string destination)
    {
        var results = new RestoreResults();
        var restorer = new FolderRestorer(version, destination, new RestoreOptions(), results, new TransferProgress());
        await restorer.RestoreAsync(Token);
        Assert.Empty(results.Failures);
    }
}

using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class VerifierTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Restored_folder_matches_its_version()
    {
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version);
        Assert.Empty(await VerifyFolderAsync(version));
    }

    [Fact]
    public async Task Every_difference_of_a_folder_is_reported()
    {
        var version = await _fixture.PublishAsync();
        await _fixture.RestoreAsync(version);
        var folder = _fixture.Folder;
        folder.Write("destination/a.txt", "TEXT of a");
        folder.Write("destination/large.bin", "short");
        File.Delete(folder["destination/empty"]);
        folder.Write("destination/empty/in its place", "");
        File.Delete(folder["destination/deep/er/b.txt"]);
        folder.Link("destination/deep/er/b.txt", folder["source/deep/er/b.txt"]);
        File.Delete(folder["destination/" + RestoreFixture.Emoji]);
        folder.Write("destination/extra [1]", "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["destination/" + RestoreFixture.Script], UnixFileMode.UserRead);

        var expected = new List<string>
        {
            "a.txt Changed",
            "deep/er/b.txt Changed",
            "empty Changed",
            "empty/in its place Extra",
            "extra [1] Extra",
            "large.bin Changed",
            RestoreFixture.Emoji + " Missing",
        };
        if (!OperatingSystem.IsWindows())
            expected.Add(RestoreFixture.Script + " Changed");
        Assert.Equal(expected.Order(StringComparer.Ordinal), await VerifyFolderAsync(version));
    }

    [Fact]
    public async Task Missing_folder_reports_every_entry_missing()
    {
        var version = await _fixture.PublishAsync("a", "b/c");
        Assert.Equal(
            ["a Missing", "b/c Missing"],
            (await VerifyFolderAsync(version)).Where(f => f.EndsWith("Missing", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Intact_store_has_no_findings()
    {
        var version = await _fixture.PublishAsync();
        Assert.Empty(await VerifyStoredAsync(version));
    }

    [Fact]
    public async Task Damaged_and_missing_content_is_reported_by_entry()
    {
        await _fixture.PublishAsync();
        _fixture.ForEachObject(file =>
        {
            if (file.Length > ContentWriter.LargeFileSize)
            {
                file.Delete();
                return;
            }
            using var stream = file.OpenWrite();
            stream.WriteByte((byte)'\0');
        });
        var findings = await VerifyStoredAsync(await _fixture.ReopenAsync());
        Assert.Equal(2, findings.Count);
        Assert.Contains("large.bin Missing", findings);
        Assert.Single(findings, finding => finding.EndsWith(" Changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_or_missing_reference_target_is_reported()
    {
        var file = _fixture.Folder.Write("outside/file", "1");
        var (digest, size) = ReferencedFile.Hash(file, Token);
        await using var draft = ArtifactDraft.From(await _fixture.PublishAsync("a"));
        await draft.AddAsync(
            ManifestEntry.Reference(EntryPath.Parse("ref"), ReferencedFile.UriOf(file), digest, size),
            false,
            Token
        );
        var version = await draft.PublishAsync();
        Assert.Empty(await VerifyStoredAsync(version));
        _fixture.Folder.Write("outside/file", "2");
        Assert.Equal(["ref Changed"], await VerifyStoredAsync(version));
        File.Delete(file);
        Assert.Equal(["ref Missing"], await VerifyStoredAsync(version));
    }

    private async Task<List<string>> VerifyFolderAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new FolderVerifier(version.Manifest, _fixture.Destination, findings, new TransferProgress());
        await verifier.VerifyAsync(Token);
        return Describe(findings);
    }

    private static async Task<List<string>> VerifyStoredAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(
            version.Store.Content,
            version.Manifest,
            findings,
            new TransferProgress()
        );
        await verifier.VerifyAsync(Token);
        return Describe(findings);
    }

    private static List<string> Describe(IEnumerable<VerificationFinding> findings) =>
        [.. findings.Select(finding => $"{finding.Path} {finding.Kind}").Order(StringComparer.Ordinal)];
}

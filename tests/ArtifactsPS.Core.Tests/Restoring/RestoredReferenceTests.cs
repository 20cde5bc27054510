using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.References;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Restoring;

public sealed class RestoredReferenceTests : IDisposable
{
    private readonly RestoreFixture _fixture = new();
    private readonly FakeReferenceSource _source = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task References_are_restored_with_their_version()
    {
        _source.Set("a", "text of a", "e1", "v1");
        _source.Set("b", "text of b");
        var version = await PublishAsync("a", "b");

        var results = await RestoreAsync(version);

        Assert.Empty(results.Failures);
        Assert.Equal(("text of a", "text of b"), (Read("refs/a"), Read("refs/b")));
        Assert.Equal("file", Read("file"));
    }

    [Fact]
    public async Task Changed_and_missing_targets_fail_and_others_are_restored()
    {
        foreach (var key in new[] { "changed", "denied", "missing", "resized", "right" })
            _source.Set(key, "1");
        var version = await PublishAsync("changed", "denied", "missing", "resized", "right");
        _source.Set("changed", "1", "e2");
        _source.Set("resized", "22");
        _source.Remove("missing");
        _source.BeforeRequest = request =>
        {
            if (request.Contains("denied", StringComparison.Ordinal))
                throw new TargetDeniedException("no.");
        };

        var results = await RestoreAsync(version);

        Assert.Equal(
            [
                "refs/changed ReferenceChanged",
                "refs/denied ReferenceAccessDenied",
                "refs/missing ReferenceNotFound",
                "refs/resized ReferenceChanged",
            ],
            results
                .Failures.Select(failure => $"{failure.Item} {((ArtifactsException)failure.Exception).ErrorId}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(["file", "refs/right"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Content_with_other_digest_is_not_restored()
    {
        _source.Set("a", "1234");
        var version = await PublishAsync(Sha256.Of("4321"u8), "a");

        var results = await RestoreAsync(version);

        Assert.IsType<ReferenceChangedException>(Assert.Single(results.Failures).Exception);
        Assert.Equal(["file"], _fixture.DestinationSnapshot().Keys);
    }

    [Fact]
    public async Task Restored_target_without_digest_is_not_read_again()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        _source.Set("a", "text of a");
        var version = await PublishAsync("a");
        await RestoreAsync(version);
        // A file isn't remembered if a process that another test just started still has its descriptor.
        var requests = 0;
        for (var attempt = 0; attempt < 20 && requests != _source.Requests.Count; attempt++)
        {
            requests = _source.Requests.Count;
            await RestoreAsync(version);
        }
        Assert.Equal(requests, _source.Requests.Count);

        // A file that was edited, or a target that was published again, is restored.
        _fixture.Folder.Write("destination/refs/a", "text of b");
        await RestoreAsync(version);
        Assert.Equal("text of a", Read("refs/a"));
        _source.Set("a", "text of c", "e2");
        await RestoreAsync(await PublishAsync("a"));

        Assert.Equal("text of c", Read("refs/a"));
    }

    [Fact]
    public async Task Skipped_references_are_not_requested()
    {
        _source.Set("a", "1");
        var version = await PublishAsync("a");

        var results = await RestoreAsync(version, new RestoreOptions { SkipsReferences = true });

        Assert.Equal(["refs/a"], results.Skipped.Select(entry => entry.Path.ToString()));
        Assert.Equal(["file"], _fixture.DestinationSnapshot().Keys);
        Assert.Empty(_source.Requests);
    }

    [Fact]
    public async Task Broken_reads_leave_complete_files()
    {
        using var server = new TargetServer { Content = "0123456789"u8.ToArray(), BreaksAfter = 4 };
        var sources = new ReferenceSources(new HostRules([]), new StoreAccess(), []);
        await using var draft = ArtifactDraft.From(await _fixture.PublishAsync("other"));
        await new TargetAdder(
            draft,
            sources,
            new TargetOptions(),
            new ResultList<ItemFailure>(),
            new TransferProgress()
        ).AddAsync(server.Endpoint + "/file", Token);
        var options = new RestoreOptions { References = new ReferencedContent(sources) };

        var results = await _fixture.RestoreAsync(await draft.PublishAsync(), options);

        Assert.Empty(results.Failures);
        Assert.Equal("0123456789", Read("file"));
    }

    [Theory]
    [InlineData(false, "probe")]
    [InlineData(true, "open")]
    public async Task Verification_reads_targets_only_if_asked(bool reads, string request)
    {
        _source.Set("a", "1");
        _source.Set("b", "1");
        _source.Set("c", "1");
        var version = await PublishAsync("a", "b", "c");
        _source.Set("b", "1", "e2");
        _source.Remove("c");
        var findings = new ResultList<VerificationFinding>();

        var references = new ReferencedContent(_source.ToSources());
        var verifier = await StoredContentVerifier.OfAsync(
            version,
            findings,
            new TransferProgress(),
            Token,
            references,
            reads
        );
        await verifier.VerifyAsync(Token);

        Assert.Equal(
            ["refs/b Changed", "refs/c Missing"],
            findings.Select(finding => $"{finding.Path} {finding.Kind}").Order(StringComparer.Ordinal)
        );
        Assert.All(_source.Requests, sent => Assert.StartsWith(request, sent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Target_is_read_forward_and_checked_at_its_end()
    {
        _source.Set("a", "1234");
        var version = await PublishAsync(Sha256.Of("4321"u8), "a");
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("refs/a"), Token);

        using var stream = await new ReferencedContent(_source.ToSources()).OpenForwardAsync(entry!, Token);

        using var read = new MemoryStream();
        await Assert.ThrowsAsync<ReferenceChangedException>(() => stream.CopyToAsync(read, Token));
        Assert.Equal(4, read.Length);
    }

    private Task<PublishedVersion> PublishAsync(params string[] keys) => PublishAsync(digest: null, keys);

    private async Task<PublishedVersion> PublishAsync(Digest? digest, params string[] keys)
    {
        await using var draft = ArtifactDraft.From(await _fixture.PublishAsync("file"));
        var options = new TargetOptions { Digest = digest };
        foreach (var key in keys)
            await new TargetAdder(
                draft,
                _source.ToSources(),
                options with
                {
                    Name = "refs/" + key,
                },
                new ResultList<ItemFailure>(),
                new TransferProgress()
            ).AddAsync(FakeReferenceSource.Root + key, Token);
        var version = await draft.PublishAsync();
        _source.Clear();
        return version;
    }

    private Task<RestoreResults> RestoreAsync(PublishedVersion version, RestoreOptions? options = null) =>
        _fixture.RestoreAsync(
            version,
            (options ?? new RestoreOptions()) with
            {
                References = new ReferencedContent(_source.ToSources()),
            }
        );

    private string Read(string path) => _fixture.Folder.Read("destination/" + path);
}

using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;
using TestResult = ArtifactsPS.Core.Attestations.Evidence.TestResult;

namespace ArtifactsPS.Core.Tests.Attestations;

/// <summary>Results of tests and provenance as evidence of versions.</summary>
public sealed class EvidenceTests : IAsyncLifetime
{
    private SignedStore _signed = null!;

    public async ValueTask InitializeAsync() => _signed = await SignedStore.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _signed.Dispose();
        return default;
    }

    [Fact]
    public async Task Test_result_is_read_back_with_signature()
    {
        await AddAsync(
            new TestResult
            {
                Passed = 3,
                Failed = 1,
                Skipped = 2,
                FailedTests = ["a.b"],
            },
            _signed.Key
        );

        var evidence = Assert.Single(await ListAsync());

        Assert.Equal(EvidenceType.Test, evidence.Type);
        Assert.False(evidence.Passed);
        Assert.Equal((3, 1, 2), (evidence.PassedCount, evidence.FailedCount, evidence.SkippedCount));
        Assert.Equal(["a.b"], evidence.FailedTests);
        Assert.Equal(SignatureStatus.Valid, evidence.Signature.Status);
        Assert.Equal(SignedStore.Now, evidence.RecordedAt);
        // Evidence is no signature of the version.
        Assert.Equal(SignatureStatus.NotSigned, (await _signed.VerifyAsync()).Status);
    }

    [Fact]
    public async Task Newest_test_result_decides()
    {
        var attestations = new VersionAttestations(_signed.Store.Versions);
        Assert.False(await PassedAsync());
        await AddAsync(
            new TestResult
            {
                Passed = 1,
                Failed = 0,
                Skipped = 0,
            }
        );
        Assert.True(await PassedAsync());
        await AddAsync(
            new TestResult
            {
                Passed = 1,
                Failed = 1,
                Skipped = 0,
            },
            minutes: 1
        );
        Assert.False(await PassedAsync());
        await AddAsync(
            new TestResult
            {
                Passed = 2,
                Failed = 0,
                Skipped = 0,
            },
            minutes: 2
        );
        Assert.True(await PassedAsync());

        Task<bool> PassedAsync() =>
            attestations.HasPassedAsync(_signed.Version.Key, _signed.Version.Record, "test", Token);
    }

    [Fact]
    public async Task Result_without_executed_test_is_refused() =>
        await Assert.ThrowsAsync<TestResultInvalidException>(() =>
            AddAsync(
                new TestResult
                {
                    Passed = 0,
                    Failed = 0,
                    Skipped = 5,
                }
            )
        );

    [Fact]
    public async Task Signed_evidence_changed_in_any_way_never_verifies()
    {
        await AddAsync(
            new TestResult
            {
                Passed = 1,
                Failed = 1,
                Skipped = 0,
                FailedTests = ["a"],
            },
            _signed.Key
        );
        var key = _signed.SignatureKey;
        var original = SealedRecord.Decode(_signed.Store.Memory[key]);
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var body = original.ToJson();
            var values = body.Descendants().OfType<JValue>().ToList();
            var value = values[i % values.Count];
            var text = ((string)value!).ToCharArray();
            text[random.Next(text.Length)] ^= (char)(1 << random.Next(5));
            value.Value = new string(text);
            var memory = _signed.Store.Memory.Copy();
            await memory.DeleteAsync(key, Token);
            await new AttestationStore(memory).AddAsync(_signed.Version.Key, 0, SealedRecord.Encode(body), Token);
            var store = await VersionStore.OpenAsync(memory, Token);
            var version = await store.FindAsync(ArtifactReference.Parse("net:v0"), Token);

            Assert.DoesNotContain(
                await new EvidenceRecorder(SignedStore.TrustIn(_signed.Key.Key)).ListAsync(version, Token),
                evidence => evidence.Signature.Status == SignatureStatus.Valid
            );
        }
    }

    [Fact]
    public async Task Version_that_a_run_publishes_has_provenance()
    {
        var store = _signed.Store.Versions;
        var run = RunRecord.Of("train", Path.GetTempPath(), SignedStore.Now) with { GitCommit = "abc" };
        await new RunJournal(store).StartAsync(run, Token);
        await new RunLinks(store).AddAsync(run.Id, _signed.Version, RunRole.Input, Token);
        await using var draft = _signed.Store.Begin("out");
        await draft.AddTextAsync("a", "a");
        var version = await Publisher.PublishAsync(draft, [], [], run.Id, Token);

        var evidence = Assert.Single(await ListAsync(version));

        Assert.Equal(EvidenceType.Provenance, evidence.Type);
        Assert.Null(evidence.Passed);
        Assert.NotNull(evidence.Builder);
        var statement = JObject.Parse(evidence.Statement);
        Assert.Equal(version.Record.Digest.Hex, (string)statement["subject"]!.Single()["digest"]!["sha256"]!);
        var used = statement["predicate"]!["buildDefinition"]!["resolvedDependencies"]![0]!;
        Assert.Equal("net:v0", (string)used["name"]!);
        Assert.Equal(_signed.Version.Record.Digest.Hex, (string)used["digest"]!["sha256"]!);
    }

    public static TheoryData<string, Dictionary<string, string>, string, string> Services =>
        new()
        {
            {
                "GitHub",
                new()
                {
                    ["GITHUB_ACTIONS"] = "true",
                    ["GITHUB_SERVER_URL"] = "https://github.com",
                    ["GITHUB_REPOSITORY"] = "o/r",
                    ["GITHUB_RUN_ID"] = "7",
                    ["GITHUB_SHA"] = "abc",
                    ["GITHUB_REF"] = "refs/heads/main",
                    ["GITHUB_ACTOR"] = "ann",
                },
                "https://github.com/o/r/actions/runs/7/attempts/1",
                "https://github.com/o/r"
            },
            {
                "Azure",
                new()
                {
                    ["TF_BUILD"] = "True",
                    ["SYSTEM_COLLECTIONURI"] = "https://dev.azure.com/o/",
                    ["SYSTEM_TEAMPROJECT"] = "p q",
                    ["BUILD_BUILDID"] = "7",
                    ["BUILD_SOURCEVERSION"] = "abc",
                    ["BUILD_REPOSITORY_URI"] = "https://ann@dev.azure.com/o/p/_git/r",
                    ["BUILD_REQUESTEDFOR"] = "ann",
                },
                "https://dev.azure.com/o/p%20q/_build/results?buildId=7",
                "https://dev.azure.com/o/p/_git/r"
            },
            {
                "GitLab",
                new()
                {
                    ["GITLAB_CI"] = "true",
                    ["CI_PROJECT_URL"] = "https://gitlab.com/o/r",
                    ["CI_JOB_URL"] = "https://gitlab.com/o/r/-/jobs/7",
                    ["CI_COMMIT_SHA"] = "abc",
                    ["GITLAB_USER_LOGIN"] = "ann",
                },
                "https://gitlab.com/o/r/-/jobs/7",
                "https://gitlab.com/o/r"
            },
            {
                "Jenkins",
                new()
                {
                    ["JENKINS_URL"] = "https://ci.example.org/",
                    ["BUILD_URL"] = "https://ci.example.org/job/7/",
                    ["GIT_COMMIT"] = "abc",
                    ["GIT_URL"] = "https://user:token@git.example.org/r",
                    ["BUILD_USER_ID"] = "ann",
                },
                "https://ci.example.org/job/7/",
                "https://git.example.org/r"
            },
        };

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_is_detected_by_its_variables(
        string name,
        Dictionary<string, string> variables,
        string invocation,
        string repository
    )
    {
        var service = BuildService.Detect(variables.GetValueOrDefault);

        Assert.NotNull(service);
        Assert.NotNull(name);
        Assert.Equal(invocation, service.Invocation);
        Assert.Equal(repository, service.Repository);
        Assert.Equal("abc", service.Commit);
        Assert.Equal("ann", service.Actor);
        Assert.Null(BuildService.Detect(_ => null));
    }

    [Theory]
    [InlineData(
        """
            <test-run id="2" total="4" passed="9" duration="1.5" start-time="2026-01-02 03:04:05Z"><test-suite><test-case
            fullname="a.1" result="Passed"/><test-case fullname="a.2" result="Failed"><failure><message>x</message></failure></test-case>
            <test-case fullname="a.3" result="Skipped"/></test-suite></test-run>
            """,
        1.5
    )]
    [InlineData(
        """
            <test-results total="3" errors="0" date="2026-01-02" time="03:04:05"><test-suite><results><test-case name="a.1"
            result="Success" time="1"/><test-case name="a.2" result="Failure" time="0.5"/><test-case name="a.3"
            result="Ignored"/></results></test-suite></test-results>
            """,
        1.5
    )]
    [InlineData(
        """
            <testsuites time="1.5"><testsuite timestamp="2026-01-02T03:04:05"><testcase classname="a" name="1" time="1"/><testcase
            classname="a" name="2"><failure message="x"/></testcase><testcase classname="a" name="3"><skipped/></testcase></testsuite>
            </testsuites>
            """,
        1.5
    )]
    public void Result_file_is_counted(string xml, double seconds)
    {
        using var folder = new TemporaryFolder();

        var result = TestResultFile.Read(folder.Write("results.xml", xml));

        Assert.Equal((1, 1, 1), (result.Passed, result.Failed, result.Skipped));
        Assert.Equal(["a.2"], result.FailedTests);
        Assert.Equal(seconds, result.Duration!.Value.TotalSeconds);
        Assert.False(result.IsPassed);
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("no xml")]
    [InlineData("""<!DOCTYPE a [<!ENTITY b "c">]><testsuite><testcase name="&b;"/></testsuite>""")]
    [InlineData("""<test-run><test-case name="a"/></test-run>""")]
    public void Other_file_is_refused(string xml)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("results.xml", xml);

        Assert.Throws<TestResultInvalidException>(() => TestResultFile.Read(path));
    }

    private Task AddAsync(TestResult result, SigningKey? key = null, int minutes = 0) =>
        new EvidenceRecorder(new TrustPolicy()).AddAsync(
            _signed.Version,
            result,
            key,
            SignedStore.Now.AddMinutes(minutes),
            Token
        );

    private Task<IReadOnlyList<VersionEvidence>> ListAsync(PublishedVersion? version = null) =>
        new EvidenceRecorder(SignedStore.TrustIn(_signed.Key.Key)).ListAsync(version ?? _signed.Version, Token);
}

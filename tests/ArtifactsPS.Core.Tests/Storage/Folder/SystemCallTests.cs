using System.Security.Cryptography;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>Writers that are killed, or fail, at what they ask of the system rather than of the store; then they come
/// again.</summary>
public sealed class SystemCallTests : IDisposable
{
    private const string Name = "results";
    private const int MaxCalls = 24;
    private const int ProcessesAtOnce = 3;

    private static readonly string[] KilledAt = ["pwrite64", "fsync", "linkat", "mkdirat", "fchmod", "unlinkat"];

    private readonly TemporaryFolder _folder = new();
    private int _stores;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("publish", "files=a.txt:A,sub/b.txt:B")]
    [InlineData("alias", "version=v0;alias=prod")]
    [InlineData("complete", "id=open;contributor=me")]
    public async Task Killed_writer_keeps_versions_and_succeeds_again(string command, string arguments)
    {
        Strace.Require();
        var deaths = 0;
        // Usually every fourth of the calls, and every second kind of them, other ones for each command.
        var step = TestSize.Step(4);
        foreach (var call in KilledAt.Where((_, index) => (index + command.Length) % TestSize.Step(2) == 0))
            for (var first = 1 + command.Length % 2; first <= MaxCalls; first += ProcessesAtOnce * step)
            {
                var killed = await Task.WhenAll(
                    Enumerable.Range(0, ProcessesAtOnce).Select(index => KillAsync(call, first + index * step))
                );
                deaths += killed.Count(item => item);
                if (!killed[^1])
                    break;
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"{command}: killed at {deaths} system calls");
        Assert.InRange(deaths, 2, KilledAt.Length * MaxCalls);

        async Task<bool> KillAsync(string call, int number)
        {
            var folder = _folder[$"store {Interlocked.Increment(ref _stores)}"];
            var digest = await PrepareAsync(folder);
            using var process = WriterProcess.StartUnder(
                Strace.Killing(call, number),
                command,
                folder,
                Name,
                arguments.Split(';')
            );
            // Some are killed before they start.
            process.Release();
            var ending = await process.EndAsync();
            if (!ending.WasKilled)
                ending.ShouldSucceed();
            await CheckAsync(folder, digest);
            (await WriterProcess.RunAsync(command, folder, Name, arguments.Split(';'))).ShouldSucceed();
            await CheckAsync(folder, digest);
            return ending.WasKilled;
        }
    }

    [Theory]
    [InlineData("pwrite64", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("fsync", "EIO")]
    [InlineData("fsync", "ENOSPC")]
    [InlineData("fsync", "ESTALE")]
    [InlineData("fsync", "ETIMEDOUT")]
    [InlineData("fsync", "EROFS")]
    [InlineData("fsync", "EDQUOT")]
    [InlineData("linkat", "ENOSPC")]
    [InlineData("linkat", "EACCES")]
    public async Task Failed_system_call_is_an_error_then_succeeds(string call, string error)
    {
        const string Files = "files=a.txt:A,sub/b.txt:B";
        Strace.Require();
        var failures = 0;
        // Usually every sixth call, other ones for each error.
        var step = TestSize.Step(6);
        for (var number = 1 + error.Length % 3; number <= MaxCalls; number += step)
        {
            var folder = _folder[$"store {++_stores}"];
            var digest = await PrepareAsync(folder);
            var launcher = Strace.Failing(call, error, number);
            using var process = WriterProcess.StartUnder(launcher, "publish", folder, Name, Files);
            var ending = await process.RunAsync();
            var staging = Path.Combine(folder, "staging");
            Assert.Empty(Directory.GetFiles(staging));
            if (ending.ExitCode == 0)
                break;
            failures++;
            Assert.Equal(
                (3, error is "ENOSPC" or "EDQUOT" ? nameof(StoreFullException) : nameof(StoreUnavailableException)),
                (ending.ExitCode, ending.Result)
            );
            await CheckAsync(folder, digest);
            (await WriterProcess.RunAsync("publish", folder, Name, Files)).ShouldSucceed();
            await CheckAsync(folder, digest);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{call} {error}: {failures} failures told");
        Assert.InRange(failures, 1, MaxCalls - 1);
    }

    [Theory]
    [InlineData("EINVAL")]
    [InlineData("EOPNOTSUPP")]
    public async Task Unsupported_flush_is_ignored(string error)
    {
        Strace.Require();
        var folder = _folder["store"];
        await PrepareAsync(folder);
        using var process = WriterProcess.StartUnder(
            Strace.Failing("fsync", error, 1),
            "publish",
            folder,
            Name,
            "files=a.txt:A"
        );
        (await process.RunAsync()).ShouldSucceed();
    }

    [Fact]
    public async Task File_system_without_exclusive_creation_is_not_supported()
    {
        Strace.Require();
        var folder = _folder["store"];
        var digest = await PrepareAsync(folder);
        using var process = WriterProcess.StartUnder(
            [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "inject=linkat:error=EPERM",
                "-e",
                "inject=renameat2:error=EINVAL",
            ],
            "publish",
            folder,
            Name,
            "files=a.txt:A"
        );
        var ending = await process.RunAsync();
        Assert.Equal((3, nameof(StoreNotSupportedException)), (ending.ExitCode, ending.Result));
        Assert.Contains(folder, ending.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("If-None-Match", ending.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "staging")));
        await CheckAsync(folder, digest);
    }

    [Fact]
    public async Task File_system_without_links_uses_exclusive_renames()
    {
        Strace.Require();
        var folder = _folder["store"];
        var digest = await PrepareAsync(folder);
        using var process = WriterProcess.StartUnder(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=linkat:error=EPERM"],
            "publish",
            folder,
            Name,
            "files=a.txt:A"
        );
        (await process.RunAsync()).ShouldSucceed();
        await CheckAsync(folder, digest);
    }

    [Fact]
    public async Task File_above_process_limit_is_StoreFileTooLarge()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no limit for files of a process.");
        var folder = _folder["store"];
        var digest = await PrepareAsync(folder);
        // In blocks of 512 bytes. The signal would end the process. Without the variable, the runtime needs a large file.
        using var process = WriterProcess.StartUnder(
            ["env", "DOTNET_EnableWriteXorExecute=0", "sh", "-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh"],
            "publish",
            folder,
            Name,
            $"files=a.txt:{Convert.ToHexString(RandomNumberGenerator.GetBytes(8000))}"
        );
        var ending = await process.RunAsync();
        Assert.Equal((3, nameof(StoreFileTooLargeException)), (ending.ExitCode, ending.Result));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "staging")));
        await CheckAsync(folder, digest);
    }

    private static async Task<Digest> PrepareAsync(string folder)
    {
        var store = await VersionStore.CreateAsync(new FolderObjectStore(folder), Token);
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(Name), TypeName.Parse("data"), []);
        await draft.AddTextAsync("first", "first");
        var version = await draft.PublishAsync();
        await store.ContributeAsync(Name, "open", "other", ("second", "second"));
        return version.Record.Digest;
    }

    private static async Task CheckAsync(string folder, Digest digest)
    {
        var store = await VersionStore.OpenAsync(new FolderObjectStore(folder), Token);
        var state = await store.ReadCatalogAsync(ArtifactName.Parse(Name), Token);
        Assert.Equal(digest, state.Find(0)!.Digest);
        foreach (var number in state.VersionNumbers)
        {
            var manifest = store.OpenManifest(state.Find(number)!);
            var findings = new ResultList<VerificationFinding>();
            var verifier = new StoredContentVerifier(store.Content, manifest, findings, new TransferProgress());
            await verifier.VerifyAsync(Token);
            Assert.Empty(findings);
        }
        // Each object has the digest that is its name.
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "objects"), "*", SearchOption.AllDirectories))
            Assert.Equal(Path.GetFileName(file), Sha256.Of(await File.ReadAllBytesAsync(file, Token)).Hex);
    }
}

using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Folder;

/// <summary>Writers that are killed, or fail, at what they ask of the system rather than of the store; then they come
/// again.</summary>
public sealed class SystemCallTests : IDisposable
{
    private const string Name = "results";
    private const int MaxCalls = 12;
    private const int ProcessesAtOnce = 3;

    private static readonly string[] KilledAt = ["pwrite64", "fsync", "link", "mkdir", "chmod", "fchmod", "unlink"];

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
        foreach (var call in KilledAt)
            for (var first = 1; first <= MaxCalls; first += ProcessesAtOnce)
            {
                var killed = await Task.WhenAll(
                    Enumerable.Range(first, ProcessesAtOnce).Select(number => KillAsync(call, number))
                );
                deaths += killed.Count(item => item);
                if (!killed[^1])
                    break;
            }
        TestContext.Current.TestOutputHelper?.WriteLine($"{command}: killed at {deaths} system calls");
        Assert.InRange(deaths, 5, KilledAt.Length * MaxCalls);

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
            // Some are killed before they have begun.
            process.LetGo();
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
    [InlineData("link,renameat2", "ENOSPC")]
    public async Task Failed_system_call_is_an_error_then_succeeds(string call, string error)
    {
        const string Files = "files=a.txt:A,sub/b.txt:B";
        Strace.Require();
        var failures = 0;
        for (var number = 1; number <= MaxCalls; number++)
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
                (3, error == "ENOSPC" ? nameof(StoreFullException) : nameof(StoreUnavailableException)),
                (ending.ExitCode, ending.Result)
            );
            await CheckAsync(folder, digest);
            (await WriterProcess.RunAsync("publish", folder, Name, Files)).ShouldSucceed();
            await CheckAsync(folder, digest);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{call} {error}: {failures} failures told");
        Assert.InRange(failures, 1, MaxCalls - 1);
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
            var verifier = new StoredContentVerifier(store.Content, manifest, new TransferProgress());
            await verifier.VerifyAsync(Token);
            Assert.Empty(verifier.Findings);
        }
        // Whatever has the name of an object is that object.
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "objects"), "*", SearchOption.AllDirectories))
            Assert.Equal(Path.GetFileName(file), Sha256.Of(await File.ReadAllBytesAsync(file, Token)).Hex);
    }
}

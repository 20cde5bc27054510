using System.IO.Compression;
using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Transfer.Archives;

/// <summary>
/// Two stores and an archive. Versions are exported from <see cref="Here"/> and imported into <see cref="There"/>.
/// </summary>
public abstract class ArchiveFixture : IAsyncLifetime
{
    private protected TemporaryFolder Folder { get; } = new();

    private protected TestStore Here { get; private set; } = null!;

    private protected TestStore There { get; private set; } = null!;

    private protected string Archive => Folder["a.zip"];

    public async ValueTask InitializeAsync()
    {
        Here = await TestStore.CreateAsync();
        There = await TestStore.CreateAsync();
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
        return default;
    }

    private protected Task ExportAsync(PublishedVersion version, bool replace = false) =>
        new ArchiveExporter(version, CompressionLevel.Fastest, new TransferProgress()).ExportAsync(
            Archive,
            replace,
            Token
        );

    private protected Task<PublishedVersion> ImportAsync(string? name = null, params string[] aliases) =>
        new ArchiveImporter(Archive, There.Versions, new TransferProgress()).ImportAsync(
            name is null ? null : ArtifactName.Parse(name),
            [.. aliases.Select(AliasName.Parse)],
            null,
            Token
        );

    private protected void Write(params (string Name, string Text)[] files)
    {
        using var zip = ZipFile.Open(Archive, ZipArchiveMode.Create);
        foreach (var (name, text) in files)
        {
            using var file = zip.CreateEntry(name).Open();
            file.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Reads the names and texts of the archive's files.</summary>
    private protected List<(string Name, string Text)> Read()
    {
        using var zip = ZipFile.OpenRead(Archive);
        return
        [
            .. zip.Entries.Select(item =>
            {
                using var text = new StreamReader(item.Open());
                return (item.FullName, text.ReadToEnd());
            }),
        ];
    }

    private protected static async Task AssertSoundAsync(PublishedVersion version)
    {
        var findings = new ResultList<VerificationFinding>();
        var verifier = new StoredContentVerifier(
            version.Store.Content,
            version.Manifest,
            findings,
            new TransferProgress()
        );
        await verifier.VerifyAsync(Token);
        Assert.Empty(findings);
    }
}

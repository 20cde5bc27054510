using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Restoring;

/// <summary>A store in a folder, a place to restore to, and the ways from one to the other.</summary>
internal sealed class RestoreFixture : IDisposable
{
    public const string Script = "bin/run [1].sh";
    public const string Emoji = "\uE000/\U0001F600.txt";

    public TemporaryFolder Folder { get; } = new();

    public string Destination => Folder["destination"];

    /// <summary>Publishes a version with files of every sort; <c>large.bin</c> is an object of its own.</summary>
    public async Task<PublishedVersion> PublishAsync()
    {
        Folder.Write("source/a.txt", "text of a");
        Folder.Write("source/empty", "");
        Folder.Write("source/deep/er/b.txt", "text of b");
        Folder.Write("source/" + Emoji, "emoji");
        Folder.Write("source/" + new string('n', 200), "long name");
        var large = new byte[ContentWriter.LargeFileSize + 1];
        new Random(7).NextBytes(large);
        Folder.Write("source/large.bin", large);
        var script = Folder.Write("source/" + Script, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, File.GetUnixFileMode(script) | UnixFileMode.UserExecute);

        var versions = await OpenAsync();
        await using var draft = ArtifactDraft.Begin(
            versions,
            ArtifactName.Parse("data"),
            TypeName.Parse("dataset"),
            []
        );
        using var adder = new FileAdder(draft, false, new ResultList<ItemFailure>(), new TransferProgress(), Token);
        await adder.AddAsync(new FolderScanner(Folder["source"]), "");
        await adder.CompleteAsync();
        return await draft.PublishAsync();
    }

    /// <summary>Publishes entries of these paths, each with its path as its content.</summary>
    public async Task<PublishedVersion> PublishAsync(params string[] paths)
    {
        await using var draft = ArtifactDraft.Begin(
            await OpenAsync(),
            ArtifactName.Parse("data"),
            TypeName.Parse("dataset"),
            []
        );
        foreach (var path in paths)
            await draft.AddTextAsync(path, path);
        return await draft.PublishAsync();
    }

    /// <summary>Restores a version to <see cref="Destination"/>.</summary>
    public async Task<RestoreResults> RestoreAsync(PublishedVersion version, RestoreOptions? options = null)
    {
        var results = new RestoreResults();
        var restorer = new FolderRestorer(
            version,
            Destination,
            options ?? new RestoreOptions(),
            results,
            new TransferProgress()
        );
        await restorer.RestoreAsync(Token);
        return results;
    }

    /// <summary>What a restored folder must hold.</summary>
    public SortedDictionary<string, string> SourceSnapshot() => Below("source/");

    public SortedDictionary<string, string> DestinationSnapshot() => Below("destination/");

    /// <summary>Damages or deletes stored objects.</summary>
    public void ForEachObject(Action<FileInfo> act)
    {
        foreach (
            var file in new DirectoryInfo(Folder["store/objects"]).EnumerateFiles("*", SearchOption.AllDirectories)
        )
        {
            file.IsReadOnly = false;
            act(file);
        }
    }

    public async Task<PublishedVersion> ReopenAsync() =>
        await (await OpenAsync()).FindAsync(ArtifactReference.Parse("data"), Token);

    public void Dispose() => Folder.Dispose();

    private Task<VersionStore> OpenAsync() => VersionStore.CreateAsync(new FolderObjectStore(Folder["store"]), Token);

    private SortedDictionary<string, string> Below(string prefix) =>
        new(
            Folder
                .Snapshot()
                .Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(file => file.Key[prefix.Length..], file => file.Value),
            StringComparer.Ordinal
        );
}

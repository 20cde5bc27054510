using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Benchmarks.Startup;

/// <summary>Creates the stores that commands are measured on.</summary>
internal static class StartupStores
{
    private const int PublishersAtOnce = 8;

    /// <summary>Creates a store of one artifact <c>data</c> with one version.</summary>
    /// <param name="entries">Number of small files, in 1,000 folders.</param>
    public static async Task CreateVersionAsync(string folder, int entries, CancellationToken cancellationToken)
    {
        var store = await CreateAsync(folder, cancellationToken).ConfigureAwait(false);
        var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("data"), TypeName.Parse("data"), []);
        await using (draft.ConfigureAwait(false))
        {
            for (var i = 0; i < entries; i++)
                await draft
                    .AddBytesAsync(EntryPath.Parse(PathOf(i)), BitConverter.GetBytes(i), false, cancellationToken)
                    .ConfigureAwait(false);
            await Publisher.PublishAsync(draft, [], [], null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Path of an entry of <see cref="CreateVersionAsync"/>.</summary>
    public static string PathOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"folder-{index % 1000:D3}/file-{index:D7}.bin");

    /// <summary>Creates a store of many artifacts with one version each.</summary>
    public static async Task CreateArtifactsAsync(string folder, int artifacts, CancellationToken cancellationToken)
    {
        var store = await CreateAsync(folder, cancellationToken).ConfigureAwait(false);
        await Parallel
            .ForAsync(
                0,
                artifacts,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = PublishersAtOnce,
                    CancellationToken = cancellationToken,
                },
                async (i, token) =>
                {
                    var name = ArtifactName.Parse(string.Create(CultureInfo.InvariantCulture, $"artifact-{i:D5}"));
                    await using var draft = ArtifactDraft.Begin(store, name, TypeName.Parse("data"), []);
                    await draft
                        .AddBytesAsync(EntryPath.Parse("file.bin"), BitConverter.GetBytes(i), false, token)
                        .ConfigureAwait(false);
                    await Publisher.PublishAsync(draft, [], [], null, token).ConfigureAwait(false);
                }
            )
            .ConfigureAwait(false);
    }

    private static Task<VersionStore> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        return VersionStore.CreateAsync(new FolderObjectStore(folder), cancellationToken);
    }
}

using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Finds the files of a destination that a restore would replace or remove, without changing anything.</summary>
/// <param name="manifest">Entries of the version.</param>
/// <param name="plan">Plan of the restore.</param>
/// <param name="restored">Index of files that are known to match.</param>
/// <param name="guard">Folders that must stay.</param>
internal sealed class RestorePreview(
    Manifest manifest,
    RestorePlan plan,
    RestoreOptions options,
    RestoredFiles restored,
    ProtectedFolders guard
)
{
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    /// <summary>Finds the files.</summary>
    /// <param name="isClean">Whether files that are not in the version are removed.</param>
    /// <param name="onFound">Receives each file once, as replaced or removed.</param>
    /// <exception cref="PathNotRestorableException">A folder that would be removed is protected.</exception>
    public async Task FindAsync(
        bool isClean,
        Func<RestoreResult, ValueTask> onFound,
        CancellationToken cancellationToken
    )
    {
        var folders = plan.Folders;
        if (!folders.TryOpen())
            return;
        var remover = new FolderRemover(guard, folders.PathOf(""), RemovedAsync, isPreview: true);
        foreach (var obstacle in folders.Obstacles)
            await ReplacedAsync(folders.PathOf(obstacle)).ConfigureAwait(false);
        foreach (var replaced in plan.ReplacedFolders)
            using (var parent = folders.OpenFolderOf(replaced))
                await remover
                    .RemoveAsync(
                        parent,
                        DestinationFolders.NameOf(replaced),
                        folders.PathOf(replaced),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        using var checker = new RestoredEntryChecker(folders, restored) { KeepsPermissions = true };
        await foreach (var entry in plan.EntriesAsync(manifest, cancellationToken).ConfigureAwait(false))
        {
            var path = entry.Path.ToString();
            if (options.Restores(entry) && folders.Exists(path) && checker.IsOtherFile(entry, cancellationToken))
                await ReplacedAsync(folders.PathOf(path)).ConfigureAwait(false);
        }
        if (isClean)
            await new FolderCleaner(plan, remover).CleanAsync(cancellationToken).ConfigureAwait(false);

        ValueTask ReplacedAsync(string path) => _found.Add(path) ? onFound(new RestoreResult.Replaced(path)) : default;

        ValueTask RemovedAsync(string path) => _found.Add(path) ? onFound(new RestoreResult.Removed(path)) : default;
    }
}

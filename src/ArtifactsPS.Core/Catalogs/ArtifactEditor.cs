using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Changes the description and tags of artifacts as a whole.</summary>
public static class ArtifactEditor
{
    /// <summary>Changes an artifact. Commits nothing if it has these values.</summary>
    /// <param name="runId">Id of the run that changes it; null for none.</param>
    /// <returns>State of the artifact afterwards.</returns>
    /// <exception cref="ArtifactNotFoundException">The artifact has no live version.</exception>
    /// <exception cref="MetadataTooLargeException">The description is too long, or there are too many tags.</exception>
    public static async Task<CatalogState> EditAsync(
        VersionStore store,
        ArtifactName name,
        EditArtifactAction edit,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.CheckDescription(edit.Description);
        var found = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        return await store
            .OpenCatalog(found.Key)
            .CommitAsync(
                state =>
                {
                    var tags = edit.TagsAfter(state.Tags);
                    VersionLimits.CheckArtifactTags(tags);
                    return
                        edit.DescriptionAfter(state.Description) == state.Description && tags.SequenceEqual(state.Tags)
                        ? []
                        : [edit];
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}

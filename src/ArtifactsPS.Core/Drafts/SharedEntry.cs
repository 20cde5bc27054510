using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Adds an entry of another version in the same store to a draft. Nothing is copied: both have the same content.</summary>
public static class SharedEntry
{
    /// <summary>Adds an entry.</summary>
    /// <param name="source">The version that has the entry.</param>
    /// <param name="entry">Entry of the version.</param>
    /// <param name="path">Path in the draft.</param>
    /// <param name="replace">Whether the entry may replace one that was added before with other content.</param>
    /// <exception cref="EntryInOtherStoreException">The version, or its content, is in another store.</exception>
    /// <exception cref="ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public static async Task AddAsync(
        ArtifactDraft draft,
        PublishedVersion source,
        ManifestEntry entry,
        EntryPath path,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        CheckStore(draft, source, entry.Path);
        draft.CheckUnspent();
        // Checked again when the draft is published.
        draft.Content.Objects.Add(
            await ReusedContent.ObjectsOfAsync(draft.Store, [entry], cancellationToken).ConfigureAwait(false)
        );
        await draft.AddAsync(entry.At(path), replace, cancellationToken).ConfigureAwait(false);
        draft.Sources.Add(source);
    }

    /// <exception cref="EntryInOtherStoreException">The content of the version is in another store.</exception>
    public static void CheckStore(ArtifactDraft draft, PublishedVersion source, EntryPath path)
    {
        foreach (var place in new[] { source.Store.Place, source.ContentPlace })
            if (place.Id != draft.Store.Id)
                throw new EntryInOtherStoreException($"{source.Reference}/{path}", place.Location);
    }
}

/// <summary>An entry of a version in another store was given.</summary>
public sealed class EntryInOtherStoreException(string entry, string location)
    : ArtifactsException(
        $"'{entry}' is in another store, '{location}', so a reference to it would have no content here. Copy the version to this "
            + "store with Copy-Artifact and add its entry, or restore the file with Save-Artifact and add it with Add-ArtifactFile.",
        entry
    )
{
    public override string ErrorId => "EntryInOtherStore";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

using System.Buffers;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Content of the targets of references: files, and targets of services. What was recorded about a target is checked.</summary>
/// <param name="sources">Services of targets; null to read files only.</param>
public sealed class ReferencedContent(ReferenceSources? sources)
{
    private const int BufferSize = 1 << 17;

    /// <summary>Reads files only.</summary>
    public static ReferencedContent OfFiles { get; } = new(sources: null);

    /// <summary>Whether the content of an entry can be read: it is a file of the store, or its target's scheme is known.</summary>
    public bool CanRead(ManifestEntry entry) =>
        entry.Uri is not { } uri || ReferencedFile.PathOf(uri) is not null || sources?.CanRead(uri) == true;

    /// <summary>Opens a copy of a target as a stream that can seek. All of it was checked.</summary>
    /// <inheritdoc cref="OpenForwardAsync"/>
    public Task<Stream> OpenCheckedAsync(ManifestEntry reference, CancellationToken cancellationToken) =>
        TemporaryFile.CreateAsync(write => CopyAsync(reference, write, new TransferProgress(), cancellationToken));

    /// <summary>Opens a target to be read once from its start. The last read throws if the content doesn't match the size and the
    /// digest that were recorded.</summary>
    /// <exception cref="ReferenceNotReadableException">Nothing can read targets of this scheme.</exception>
    /// <exception cref="ReferenceNotFoundException">The target is missing.</exception>
    /// <exception cref="ReferenceChangedException">The target has changed.</exception>
    /// <exception cref="ReferenceAccessDeniedException">The service or the rules for hosts refuse it.</exception>
    /// <exception cref="ReferenceUnavailableException">The service did not answer.</exception>
    public async Task<Stream> OpenForwardAsync(ManifestEntry reference, CancellationToken cancellationToken)
    {
        var (uri, item) = (reference.Uri!, reference.Path.ToString());
        if (ReferencedFile.PathOf(uri) is { } path)
        {
            if (!LocalFileSystem.Current.IsFile(path))
                throw new ReferenceNotFoundException(item, uri);
            return new CheckedTargetStream(reference, new FileReaderStream(path));
        }
        var recorded = reference.Target!;
        var stream =
            await ServiceOf(item, uri)
                .OpenAsync(
                    new NamedTarget(item, uri, recorded.VersionId),
                    isChecked: reference.Digest is not null,
                    cancellationToken
                )
                .ConfigureAwait(false)
            ?? throw new ReferenceNotFoundException(item, uri, recorded.VersionId);
        if (recorded.DifferenceTo(stream.Properties) is not { } difference)
            return new CheckedTargetStream(reference, stream);
        stream.Dispose();
        throw new ReferenceChangedException(item, uri, $"which has changed: its {difference}");
    }

    /// <summary>Copies a target in pieces. Throws at the end if the content doesn't match.</summary>
    /// <inheritdoc cref="OpenForwardAsync"/>
    internal async Task CopyAsync(
        ManifestEntry reference,
        Func<byte[], int, Task> write,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var source = await OpenForwardAsync(reference, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while (
                (read = await source.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0
            )
            {
                await write(buffer, read).ConfigureAwait(false);
                progress.AddBytes(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Checks that a target has not changed.</summary>
    /// <param name="reads">Whether the content is read. Otherwise only the properties of targets on services are compared; files
    /// with a digest are read.</param>
    /// <inheritdoc cref="OpenForwardAsync"/>
    internal async Task CheckAsync(
        ManifestEntry reference,
        bool reads,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        var (uri, item) = (reference.Uri!, reference.Path.ToString());
        if (reads || ReferencedFile.PathOf(uri) is not null)
        {
            await CopyAsync(reference, (_, _) => Task.CompletedTask, progress, cancellationToken).ConfigureAwait(false);
            return;
        }
        var target = new NamedTarget(item, uri, reference.Target!.VersionId);
        var now =
            await ServiceOf(item, uri).ProbeAsync(target, cancellationToken).ConfigureAwait(false)
            ?? throw new ReferenceNotFoundException(item, uri, target.VersionId);
        if (reference.Target.DifferenceTo(now) is { } difference)
            throw new ReferenceChangedException(item, uri, $"which has changed: its {difference}");
    }

    private ReferenceService ServiceOf(string item, string uri)
    {
        try
        {
            return sources?.Find(uri) ?? throw new ReferenceNotReadableException(item, uri);
        }
        catch (ArtifactsException e) when (e is InvalidReferenceException or StoreUnavailableException)
        {
            throw new ReferenceUnavailableException(item, uri, e.Message, e);
        }
    }
}

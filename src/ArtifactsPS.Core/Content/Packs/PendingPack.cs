using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Pack that is being written. It becomes a <see cref="StoredObject"/> when its last byte is hashed.</summary>
internal sealed class PendingPack : BlobContainer
{
    private readonly TaskCompletionSource<StoredObject> _sealed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public PendingPack() =>
        // The writer reports a failure; nothing has to await the digest.
        _ = Sealed.ContinueWith(
            task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );

    /// <summary>Completes when the digest is known. The bytes may not be durable yet.</summary>
    public Task<StoredObject> Sealed => _sealed.Task;

    internal override StoredObject? StoredOrDefault =>
#pragma warning disable VSTHRD002, VSTHRD104 // The task has completed.
        Sealed.Status == TaskStatus.RanToCompletion ? Sealed.Result : null;
#pragma warning restore VSTHRD002, VSTHRD104

    /// <summary>Ends the pack.</summary>
    /// <param name="digest">SHA-256 of the pack's bytes.</param>
    public void Seal(Digest digest) => _sealed.TrySetResult(new StoredObject(digest));

    /// <summary>Ends a pack that could not be written.</summary>
    public void Fail(Exception reason) => _sealed.TrySetException(reason);
}

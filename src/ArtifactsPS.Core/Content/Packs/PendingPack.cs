using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Pack that is being written. It becomes a <see cref="StoredObject"/> when its last byte is hashed. A failure loses
/// it with its blobs.</summary>
internal sealed class PendingPack : BlobContainer
{
    private readonly TaskCompletionSource<StoredObject> _sealed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile Exception? _reason;

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

    /// <summary>Whether the bytes are lost, because writing failed.</summary>
    public bool IsLost => _reason is not null;

    internal override StoredObject? StoredOrDefault =>
#pragma warning disable VSTHRD002, VSTHRD104 // The task has completed.
        !IsLost && Sealed.Status == TaskStatus.RanToCompletion ? Sealed.Result : null;
#pragma warning restore VSTHRD002, VSTHRD104

    internal override Exception NotStored => _reason is { } reason ? new ContentLostException(reason) : base.NotStored;

    /// <summary>Ends the pack.</summary>
    /// <param name="digest">SHA-256 of the pack's bytes.</param>
    public void Seal(Digest digest) => _sealed.TrySetResult(new StoredObject(digest));

    /// <summary>Ends a pack that could not be written, even if its digest is known.</summary>
    public void Lose(Exception reason)
    {
        _reason = reason;
        _sealed.TrySetException(reason);
    }
}

/// <summary>Content that was added could not be written to the store later.</summary>
/// <param name="reason">The reason why writing failed.</param>
public sealed class ContentLostException(Exception reason)
    : ArtifactsException(
        $"Content that was added before could not be stored. Add it again. {reason.Message}",
        target: null,
        reason
    )
{
    public override string ErrorId => "ContentLost";

    public override ErrorKind Kind => ErrorKind.WriteError;
}

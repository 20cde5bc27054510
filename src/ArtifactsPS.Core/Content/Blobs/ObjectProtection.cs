using System.Collections.Concurrent;
using System.Diagnostics;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// Protects objects from clean-ups until a version or record that needs them is committed. Safe for concurrent callers.
/// </summary>
/// <remarks>
/// A clean-up takes these steps: (A) announce the objects that may be deleted; (R) list the ages of objects; (S) read all
/// committed versions and records; (D) delete announced objects that are old and unreferenced; remove the announcement.
/// A writer takes these steps: (T) create or touch an object; (L) list the announcements, and wait until none of them names
/// the object; (E) check that the object exists; (C) commit. T to C take less than <see cref="FreshFor"/>, which is shorter
/// than the age from which objects count as old.
/// <para>No order of these steps deletes a committed object. If T is before R, the object is recent at R and stays. If it
/// is old at R nevertheless, C was before R, and S finds the commit. If R is before T, then A is before L. If the
/// announcement exists at L, E is after D. Otherwise D was complete before L, and so before E. E finds the deletion in both
/// cases.</para>
/// <para>An object that didn't exist at A is not announced. Objects of versions that are live at the transaction before C
/// need no protection: S finds either these versions or C.</para>
/// </remarks>
internal sealed class ObjectProtection(IObjectStore store)
{
    /// <summary>Time for which a created or touched object is certain to be recent.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Digest, TrackedObject> _objects = new();

    private enum State
    {
        /// <summary>Created by another writer, and not touched yet.</summary>
        Untouched,

        /// <summary>Existed before, and was touched.</summary>
        Touched,

        /// <summary>Created by this writer, or found to exist after it was touched and announcements were awaited.</summary>
        Protected,
    }

    /// <summary>Commits a staged object and protects it. An existing object is touched.</summary>
    public async Task CommitAsync(IStagedObject staged, Digest digest, CancellationToken cancellationToken)
    {
        var created = await staged.CommitAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        await AddAsync(digest, created, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an object after an attempt to create it.</summary>
    /// <param name="created">False if the object existed already.</param>
    public async Task AddAsync(Digest digest, bool created, CancellationToken cancellationToken)
    {
        if (created)
        {
            Set(digest, State.Protected);
            return;
        }
        // The result is ignored: ProtectAsync finds a missing object.
        await store.TouchAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        Set(digest, State.Touched);
    }

    /// <summary>Adds existing objects of other writers. <see cref="ProtectAsync"/> checks and touches them.</summary>
    public void RelyOn(IEnumerable<Digest> digests)
    {
        foreach (var digest in digests)
            _objects.TryAdd(digest, new TrackedObject(State.Untouched, Stopwatch.StartNew()));
    }

    /// <summary>Touches and adds an object.</summary>
    /// <returns>False if the object is missing.</returns>
    public async Task<bool> TryAddAsync(Digest digest, CancellationToken cancellationToken)
    {
        var exists = await store.TouchAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        if (exists)
            Set(digest, State.Touched);
        return exists;
    }

    /// <summary>Protects all added objects from clean-ups for the time of a commit. Sends no request if all of them were
    /// created or protected recently.</summary>
    /// <exception cref="ObjectCleanedUpException">An object is missing.</exception>
    public async Task ProtectAsync(CancellationToken cancellationToken)
    {
        var pending = _objects
            .Where(item => !item.Value.IsProtected)
            .ToDictionary(item => item.Key, item => item.Value);
        if (pending.Count == 0)
            return;
        foreach (var item in pending)
            if (!item.Value.IsTouched)
                await TouchAsync(item.Key, cancellationToken).ConfigureAwait(false);
        await CleanupAnnouncement.WaitAsync(store, pending.Keys, cancellationToken).ConfigureAwait(false);
        foreach (var digest in pending.Keys)
        {
            await TouchAsync(digest, cancellationToken).ConfigureAwait(false);
            Set(digest, State.Protected);
        }
    }

    private void Set(Digest digest, State state) => _objects[digest] = new TrackedObject(state, Stopwatch.StartNew());

    private async Task TouchAsync(Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        if (!await store.TouchAsync(key, cancellationToken).ConfigureAwait(false))
            throw new ObjectCleanedUpException(store.Location, key);
    }

    private sealed record TrackedObject(State State, Stopwatch Since)
    {
        public bool IsProtected => State == State.Protected && Since.Elapsed < FreshFor;

        public bool IsTouched => State == State.Touched && Since.Elapsed < FreshFor;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>
/// The objects that something needs which is about to be committed, and nothing that is committed does: makes sure that no
/// clean-up deletes them before. Safe for concurrent callers.
/// </summary>
/// <remarks>
/// A clean-up (A) announces what it is about to delete, then (R) lists how old objects are, then (S) reads all that is
/// committed, then (D) deletes what is neither young nor named by anything, then takes the announcement away. Whoever
/// commits (T) creates or touches an object, then (L) lists the announcements and waits until those that name it are gone,
/// then (E) sees that the object is there, then (C) commits, all within <see cref="FreshFor"/>, which is shorter than
/// the age from which on objects are old.
/// <para>No order of these steps lets a committed object be deleted. T before R: at R the object is young, and stays; or it
/// is old, then C came before R, and S finds what was committed. R before T: then A came before L. If the announcement
/// was there at L, E came after D; if it was not, D was done before L, and so before E. Either way E tells.</para>
/// <para>An object that didn't exist at A isn't named at all. What versions need that are live at the transaction before
/// C needs nothing of this: S finds them, or finds C.</para>
/// </remarks>
internal sealed class ObjectProtection(IObjectStore store)
{
    /// <summary>For so long after an object was created or touched it is certain to be young.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Digest, Holding> _objects = new();

    private enum State
    {
        /// <summary>Somebody else's, and not touched yet.</summary>
        Named,

        /// <summary>It was there before, and was touched.</summary>
        Touched,

        /// <summary>Created, or seen to be there after it was touched.</summary>
        Held,
    }

    /// <summary>Gives a staged object its key, and adds it. One that is there already is touched.</summary>
    public async Task CommitAsync(IStagedObject staged, Digest digest, CancellationToken cancellationToken)
    {
        var created = await staged.CommitAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        await AddAsync(digest, created, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds an object that was just created, or was found there when it was to be.</summary>
    public async Task AddAsync(Digest digest, bool created, CancellationToken cancellationToken)
    {
        if (created)
        {
            Set(digest, State.Held);
            return;
        }
        // Whether it was there to be touched is found out before anything relies on it.
        await store.TouchAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        Set(digest, State.Touched);
    }

    /// <summary>Adds objects that others have created.</summary>
    public void AddNamed(IEnumerable<Digest> digests)
    {
        foreach (var digest in digests)
            _objects.TryAdd(digest, new Holding(State.Named, Stopwatch.StartNew()));
    }

    /// <summary>Adds an object if it is there, and touches it.</summary>
    public async Task<bool> TryAddAsync(Digest digest, CancellationToken cancellationToken)
    {
        var isThere = await store.TouchAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
        if (isThere)
            Set(digest, State.Touched);
        return isThere;
    }

    /// <summary>Makes sure that all of them can be relied on for some time. Costs nothing where all were created lately.</summary>
    /// <exception cref="ObjectCleanedUpException">One is gone.</exception>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        var pending = _objects.Where(item => !item.Value.IsSure).ToDictionary(item => item.Key, item => item.Value);
        if (pending.Count == 0)
            return;
        foreach (var item in pending)
            if (!item.Value.IsTouched)
                await TouchAsync(item.Key, cancellationToken).ConfigureAwait(false);
        await CleanupAnnouncement.WaitAsync(store, pending.Keys, cancellationToken).ConfigureAwait(false);
        foreach (var digest in pending.Keys)
        {
            await TouchAsync(digest, cancellationToken).ConfigureAwait(false);
            Set(digest, State.Held);
        }
    }

    private void Set(Digest digest, State state) => _objects[digest] = new Holding(state, Stopwatch.StartNew());

    private async Task TouchAsync(Digest digest, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        if (!await store.TouchAsync(key, cancellationToken).ConfigureAwait(false))
            throw new ObjectCleanedUpException(store.Location, key);
    }

    private sealed record Holding(State State, Stopwatch Since)
    {
        public bool IsSure => State == State.Held && Since.Elapsed < FreshFor;

        public bool IsTouched => State == State.Touched && Since.Elapsed < FreshFor;
    }
}

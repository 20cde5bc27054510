using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the distributed ids of the named artifact, or of all artifacts if none is named.</summary>
public sealed class DistributedIdCompleter : ArtifactCompleter
{
    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store =
            context.Artifact?.Draft?.Draft.Store
            ?? await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (context.Artifact is { } artifact)
        {
            var name = ArtifactReference.Parse(artifact.Text).Name;
            var (_, own) = await DistributedLog.ListIdsAsync(store, name, cancellationToken).ConfigureAwait(false);
            foreach (var id in own)
                yield return id.ToString();
            yield break;
        }
        var listed = DistributedLog.ListAsync(store, cancellationToken);
        var found = new HashSet<DistributedId>();
        var read = 0;
        await foreach (var (_, ids) in listed.ConfigureAwait(false))
        {
            foreach (var id in ids)
                if (found.Add(id))
                    yield return id.ToString();
            if (!context.HasTimeAfter(++read))
                yield break;
        }
    }
}

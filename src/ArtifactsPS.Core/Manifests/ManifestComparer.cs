using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Path at which two manifests differ.</summary>
/// <param name="Left">Null if only the right manifest has the path.</param>
/// <param name="Right">Null if only the left manifest has the path.</param>
public readonly record struct EntryDifference(ManifestEntry? Left, ManifestEntry? Right)
{
    public EntryPath Path => (Left ?? Right)!.Path;
}

/// <summary>Compares two trees. Reads only the pages whose digests differ.</summary>
public static class ManifestComparer
{
    /// <summary>Streams the differences in path order.</summary>
    public static async IAsyncEnumerable<EntryDifference> CompareAsync(
        Manifest leftManifest,
        Manifest rightManifest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var left = Start(leftManifest.Root);
        var right = Start(rightManifest.Root);
        while (left.Count > 0 || right.Count > 0)
        {
            var l = left.Count > 0 ? left.Peek() : null;
            var r = right.Count > 0 ? right.Peek() : null;
            if (l is TreePage same && r is TreePage other && same.Digest == other.Digest)
            {
                left.Pop();
                right.Pop();
                continue;
            }
            var order =
                l is null ? 1
                : r is null ? -1
                : l.Key.CompareTo(r.Key);

            // Expands or reports the item that is first in path order. If two items start at the same path, the one of the
            // higher level is expanded, so that equal pages are compared at the same level.
            if (l is TreePage leftPage && (order < 0 || order == 0 && leftPage.Level >= LevelOf(r)))
                await ExpandAsync(left, leftManifest.Pages, cancellationToken).ConfigureAwait(false);
            else if (r is TreePage && order >= 0)
                await ExpandAsync(right, rightManifest.Pages, cancellationToken).ConfigureAwait(false);
            else
            {
                var leftEntry = order <= 0 ? (ManifestEntry)left.Pop() : null;
                var rightEntry = order >= 0 ? (ManifestEntry)right.Pop() : null;
                if (leftEntry is null || rightEntry is null || !leftEntry.HasSameContent(rightEntry))
                    yield return new EntryDifference(leftEntry, rightEntry);
            }
        }
    }

    private static Stack<IPageItem> Start(TreePage root)
    {
        var stack = new Stack<IPageItem>();
        stack.Push(root);
        return stack;
    }

    private static int LevelOf(IPageItem? item) => item is TreePage page ? page.Level : -1;

    private static async Task ExpandAsync(Stack<IPageItem> stack, PageReader pages, CancellationToken cancellationToken)
    {
        var page = await pages.ReadAsync((TreePage)stack.Pop(), cancellationToken).ConfigureAwait(false);
        for (var i = page.Items.Count - 1; i >= 0; i--)
            stack.Push(page.Items[i]);
    }
}

using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads the names of objects from their keys.</summary>
internal static class ObjectListing
{
    private const int FolderLength = 3;

    /// <summary>The digest that a key below <see cref="ObjectHandle.Root"/> names; null where it is no object's key.</summary>
    public static Digest? DigestOf(string key)
    {
        var start = ObjectHandle.Root.Length + FolderLength;
        return
            key.Length > start
            && Digest.TryParseHex(key.AsSpan(start), out var digest)
            && ObjectHandle.KeyOf(digest) == key
            ? digest
            : null;
    }
}

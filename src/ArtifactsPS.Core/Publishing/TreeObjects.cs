using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Objects that a tree needs, and possibly some that it doesn't need any more.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Needed">Number of needed objects when the whole tree was read last.</param>
internal sealed record TreeObjects(IReadOnlyCollection<Digest> Objects, int Needed)
{
    // More objects than these are mostly not needed any more.
    private const int FewObjects = 64;

    /// <summary>Whether most of the objects are likely to be needed.</summary>
    public bool AreMostlyNeeded => Objects.Count <= 2 * Needed + FewObjects;
}

/// <summary>Objects of the tree of an artifact that this machine published or checked last, in a file of the cache.</summary>
internal sealed class TreeObjectsFile(VersionStore store, ArtifactKey artifact)
{
    private const string TreeProperty = "tree";
    private const string NeededProperty = "needed";
    private const string ObjectsProperty = "objects";

    private readonly string _path = CacheFolder.PathOf(CacheFolder.TreeObjectsName, store.Id, artifact + ".json");

    /// <summary>Finds the objects of a tree.</summary>
    /// <returns>Null if they are unknown, or the file is damaged.</returns>
    public TreeObjects? Find(PageReference tree)
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            var json = SealedRecord.Decode(File.ReadAllBytes(_path)).ToJson();
            if (json.RequiredText(TreeProperty) != IdOf(tree))
                return null;
            var objects = new HashSet<Digest>();
            foreach (var item in json[ObjectsProperty] as JArray ?? [])
                if (Digest.TryParseHex(item.ToString().AsSpan(), out var digest))
                    objects.Add(digest);
            return new TreeObjects(objects, (int)json.RequiredNumber(NeededProperty, int.MaxValue));
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Saves the objects of a tree. Does nothing if the cache can't be written.</summary>
    public void Save(PageReference tree, TreeObjects objects)
    {
        try
        {
            CacheFolder.CreatePrivate(CacheFolder.PathOf(CacheFolder.TreeObjectsName));
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var bytes = SealedRecord.Encode(
                new JObject
                {
                    [TreeProperty] = IdOf(tree),
                    [NeededProperty] = objects.Needed,
                    [ObjectsProperty] = new JArray(objects.Objects.Select(digest => digest.Hex)),
                }
            );
            FileReplacement.Write(_path, new ArraySegment<byte>(bytes), executable: false);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The tree is read again.
        }
    }

    private static string IdOf(PageReference tree) => $"{tree.Digest} {PageLocation.Of(tree)}";
}

using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Hashes of the parts of an upload that this machine has sent, in a file of the cache. For services whose ids of parts do not
/// depend on their bytes alone, such as S3 with SSE-KMS. Safe for concurrent callers.
/// </summary>
internal sealed class SentParts
{
    // As long as services keep parts without other settings.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(8);

    private readonly object _lock = new();
    private readonly string _path;

    private SentParts(string path) => _path = path;

    /// <summary>Opens the hashes of an upload.</summary>
    /// <param name="location">Location of the store.</param>
    /// <param name="upload">Id of the upload.</param>
    public static SentParts Of(string location, string key, string upload)
    {
        CacheFolder.DeleteUnused(CacheFolder.SentPartsName, Longest);
        var name = HexOf(XxHash128.Hash(Encoding.UTF8.GetBytes($"{location}\n{key}\n{upload}")));
        return new SentParts(CacheFolder.PathOf(CacheFolder.SentPartsName, name + ".txt"));
    }

    /// <summary>Records a sent part. Does nothing if the cache can't be written.</summary>
    public void Add(int number, string id, Stream bytes)
    {
        var line = LineOf(number, id, bytes) + "\n";
        try
        {
            lock (_lock)
            {
                CacheFolder.CreatePrivate(Path.GetDirectoryName(_path)!);
                File.AppendAllText(_path, line);
            }
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            // The part is sent again if this process is killed.
        }
    }

    /// <summary>Whether this machine has sent the bytes as this part.</summary>
    public bool Has(int number, string id, Stream bytes)
    {
        try
        {
            string[] lines;
            lock (_lock)
                lines = File.Exists(_path) ? File.ReadAllLines(_path) : [];
            return lines.Length > 0 && lines.Contains(LineOf(number, id, bytes), StringComparer.Ordinal);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return false;
        }
    }

    /// <summary>Removes the record of an upload that has ended.</summary>
    public void Delete() => CacheFolder.TryDelete(new FileInfo(_path));

    private static string LineOf(int number, string id, Stream bytes)
    {
        var hash = new XxHash128();
        hash.Append(bytes);
        return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2}", number, id, HexOf(hash.GetCurrentHash()));
    }

    private static string HexOf(byte[] bytes) =>
        string.Concat(bytes.Select(item => item.ToString("x2", CultureInfo.InvariantCulture)));
}

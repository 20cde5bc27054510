using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage;

/// <summary>Store whose values are files of this machine, so that a file system can share their bytes with other files.</summary>
internal interface IFileStore
{
    /// <summary>Opens the file of a key.</summary>
    /// <returns>A file that the caller disposes. Null if the key is missing, or the system can't share the bytes of files.</returns>
    FileReader? TryOpenFile(string key);
}

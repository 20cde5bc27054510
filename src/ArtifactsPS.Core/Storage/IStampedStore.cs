using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage;

/// <summary>Store that shows cheaply whether a key or a folder of keys is unchanged.</summary>
internal interface IStampedStore
{
    /// <summary>Stamp of a key or folder. While it is equal, the value of the key, or the names in the folder, are the same.</summary>
    /// <param name="key">A key, or a folder ending in <c>/</c>.</param>
    /// <returns>Null if the key is missing, if it was changed a moment ago, or if the store can't tell.</returns>
    KeyStamp? StampOf(string key);
}

/// <summary>Identity and times of a file or folder.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="State">State, whose change time only the system sets.</param>
internal readonly record struct KeyStamp(ulong Device, FileState State);

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Kind of a name in a folder.</summary>
internal enum NameKind
{
    Missing,
    File,
    Folder,
    Link,

    /// <summary>A pipe, socket or device.</summary>
    Special,
}

/// <summary>Description of a name in a folder.</summary>
/// <param name="State">State of the file or folder.</param>
/// <param name="Owner">User id of the owner.</param>
/// <param name="Device">Number of the file system.</param>
/// <param name="IsMountPoint">Whether another folder or file system is mounted there; false before Linux 5.8.</param>
internal readonly record struct NameState(NameKind Kind, FileState State, uint Owner, ulong Device, bool IsMountPoint);

using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>
/// Files of a store in a folder, by key. Links in the store are never followed: a link in the path of a key is an error, and
/// listings leave links out. A key is a regular file; a pipe, socket or device is an error.
/// <para>Failures are exceptions of the system, and <see cref="NotSupportedException"/>.</para>
/// </summary>
internal abstract class StoreFiles
{
    /// <summary>Opens the files of a store, which need not exist.</summary>
    /// <param name="root">Full path of the store's folder, which may be a link.</param>
    public static StoreFiles Of(string root) =>
        LinuxFile.IsSupported ? new LinuxStoreFiles(root) : new PortableStoreFiles(root, LocalFileSystem.Current);

    /// <summary>Opens a file for reading; null if the key is missing or a folder.</summary>
    public abstract FileStream? OpenRead(string key);

    /// <inheritdoc cref="IFileStore.TryOpenFile"/>
    public virtual FileReader? TryOpenFile(string key) => null;

    /// <inheritdoc cref="IStampedStore.StampOf"/>
    public virtual KeyStamp? StampOf(string key) => null;

    /// <summary>Describes a file; null if the key is missing or a folder.</summary>
    public abstract StoreFile? Find(string key);

    /// <summary>Lists the names directly in a folder; none if it is missing.</summary>
    /// <param name="folder">Empty, or ending in <c>/</c>.</param>
    /// <param name="isWanted">Whether to list a name. The states of other files are not read.</param>
    public abstract IReadOnlyList<(string Name, StoreFile? File)> List(string folder, Func<string, bool> isWanted);

    /// <summary>Lists the names of folders directly in a folder; none if it is missing.</summary>
    /// <inheritdoc cref="List" path="/param"/>
    public virtual IReadOnlyList<string> ListFolders(string folder) =>
        [.. List(folder, _ => true).Where(item => item.File is null).Select(item => item.Name)];

    /// <summary>Creates a file that other users of the store can read, and locks it.</summary>
    public abstract FileStream Create(string key);

    /// <summary>Whether a live process writes a file that <see cref="Create"/> created, or that can't be found out.</summary>
    public abstract bool IsInUse(string key);

    /// <summary>Gives a file a key that is free, and makes that key durable. Creates the folder of the key.</summary>
    /// <param name="staged">Key of the file, which may keep it.</param>
    /// <param name="key">The new key.</param>
    /// <returns>False if the new key exists.</returns>
    /// <exception cref="NotSupportedException">The file system can't decide which of several callers is first.</exception>
    public abstract bool TryPlace(string staged, string key);

    /// <summary>Renames a file in one step, replacing an existing one, and makes that durable. Creates the folder of the new
    /// key.</summary>
    /// <returns>False if the file is missing.</returns>
    public abstract bool TryRename(string key, string target);

    /// <summary>Gives a file a second key, and makes that durable. Creates the folder of the key.</summary>
    /// <returns>False if the new key exists, or this user or file system can't.</returns>
    public abstract bool TryLink(string key, string target);

    /// <summary>Whether two keys are names of one file. False if that can't be found out.</summary>
    public abstract bool AreSame(string key, string other);

    /// <summary>Deletes a file.</summary>
    /// <returns>False if the key is missing or a folder.</returns>
    public abstract bool Delete(string key);

    /// <summary>Deletes a file that <see cref="Create"/> created and nobody needs. If another program uses it, a clean-up deletes
    /// it later.</summary>
    public virtual void Discard(string key) => Delete(key);

    /// <summary>Splits a key in its folder, without a slash at the end, and its name.</summary>
    protected static (string Folder, string Name) Split(string key)
    {
        var end = key.LastIndexOf('/');
        return end < 0 ? ("", key) : (key.Substring(0, end), key.Substring(end + 1));
    }

    /// <summary>Creates the error for a link in the store.</summary>
    protected static IOException LinkFailure(string path) =>
        new($"'{path}' is a link, and a store has no links. Replace it by what it refers to.");

    /// <summary>Creates the error for a key that is not a regular file.</summary>
    protected static IOException SpecialFailure(string path) =>
        new($"'{path}' is a pipe, socket or device, and a store has none. Delete it.");
}

/// <summary>Description of a file in a store.</summary>
/// <param name="Length">Length in bytes.</param>
/// <param name="Modified">Time of the last change.</param>
internal readonly record struct StoreFile(long Length, DateTimeOffset Modified);

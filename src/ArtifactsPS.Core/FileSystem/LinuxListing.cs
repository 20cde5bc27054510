using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Lists folders on Linux. .NET replaces bytes of a name that are not UTF-8, so such a file could not be opened or
/// removed, and it has no cheap way to find links.</summary>
internal static class LinuxListing
{
    private const int KindOffset = 18;
    private const int NameOffset = 19;
    private const int LengthOffset = 16;
    private const byte UnknownKind = 0;
    private const byte FolderKind = 4;
    private const byte LinkKind = 10;

    /// <summary>Whether the layout of entries is known.</summary>
    public static bool IsSupported { get; } = LinuxFile.IsSupported && IntPtr.Size == 8;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IOException">The folder can't be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied.</exception>
    public static List<ListedName> Of(string path)
    {
        var stream = opendir(LinuxFile.Terminated(path));
        if (stream == IntPtr.Zero)
            throw LinuxFile.FolderFailure(path, Marshal.GetLastWin32Error());
        var items = new List<ListedName>();
        try
        {
            while (Next(path, stream) is { } item)
                if (item.Name is not ("." or ".."))
                    items.Add(item);
        }
        finally
        {
            _ = closedir(stream);
        }
        return items;
    }

    private static unsafe ListedName? Next(string path, IntPtr stream)
    {
        var entry = (byte*)readdir(stream);
        if (entry == null)
            // .NET clears the error before the call, and the end of the folder doesn't set it.
            return Marshal.GetLastWin32Error() is not 0 and var error
                ? throw LinuxFile.FolderFailure(path, error)
                : null;
        var length = *(ushort*)(entry + LengthOffset) - NameOffset;
        var end = new ReadOnlySpan<byte>(entry + NameOffset, length).IndexOf((byte)0);
        var name = LinuxFileName.Decode(entry + NameOffset, end < 0 ? length : end);
        var kind = entry[KindOffset];
        if (kind is not (UnknownKind or LinkKind))
            return new ListedName(name, kind == FolderKind, IsLink: false);
        var isLink = kind == LinkKind;
        if (!isLink)
        {
            var found = LinuxFile.NameStateOf(LinuxFile.CurrentFolder, Path.Combine(path, name), path).Kind;
            if (found != NameKind.Link)
                return new ListedName(name, found == NameKind.Folder, IsLink: false);
        }
        return new ListedName(name, LinuxFile.IsFolder(Path.Combine(path, name)), IsLink: true);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern IntPtr opendir(byte[] path);

    [DllImport("libc", SetLastError = true)]
    private static extern IntPtr readdir(IntPtr stream);

    [DllImport("libc")]
    private static extern int closedir(IntPtr stream);
}

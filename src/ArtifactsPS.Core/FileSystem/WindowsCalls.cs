using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Calls of Windows. They accept long paths, which .NET Framework refuses, and return errors without exceptions.</summary>
internal sealed class WindowsCalls : IWindowsCalls
{
    private const uint GenericRead = 0x80000000;
    private const uint GenericWrite = 0x40000000;
    private const uint ReadAttributes = 0x80;
    private const int BackupSemantics = 0x02000000;
    private const int DiskFile = 1;
    private const uint NameSurrogate = 0x20000000;

    // Classes of GetFileInformationByHandleEx.
    private const int BasicInfo = 0;
    private const int StandardInfo = 1;
    private const int IdInfo = 18;

    private static readonly IntPtr InvalidHandle = new(-1);

    public int Open(string path, FileMode mode, FileAccess access, FileShare share, out SafeFileHandle? file)
    {
        var rights =
            ((access & FileAccess.Read) != 0 ? GenericRead : 0) | ((access & FileAccess.Write) != 0 ? GenericWrite : 0);
        // The numbers of modes and shares are those of Windows.
        return Open(path, rights, share, (int)mode, 0, out file);
    }

    public int OpenForState(string path, out SafeFileHandle? file) =>
        Open(
            path,
            ReadAttributes,
            FileShare.ReadWrite | FileShare.Delete,
            (int)FileMode.Open,
            BackupSemantics,
            out file
        );

    public int Move(string from, string to, MoveFlags flags) =>
        ErrorOf(MoveFileExW(LongPath.Extended(from), LongPath.Extended(to), (int)flags));

    public int Delete(string path) => ErrorOf(DeleteFileW(LongPath.Extended(path)));

    public int CreateFolder(string path) => ErrorOf(CreateDirectoryW(LongPath.Extended(path), IntPtr.Zero));

    public int RemoveFolder(string path) => ErrorOf(RemoveDirectoryW(LongPath.Extended(path)));

    public int SetAttributes(string path, FileAttributes attributes) =>
        ErrorOf(SetFileAttributesW(LongPath.Extended(path), (uint)attributes));

    public int GetAttributes(string path, out FileAttributes attributes)
    {
        var found = GetFileAttributesW(LongPath.Extended(path));
        attributes = (FileAttributes)found;
        if (found == uint.MaxValue)
            return Marshal.GetLastWin32Error();
        if ((attributes & FileAttributes.ReparsePoint) != 0 && !IsLink(path))
            attributes &= ~FileAttributes.ReparsePoint;
        return WindowsError.None;
    }

    public int List(string path, ICollection<WindowsEntry> entries)
    {
        var search = FindFirstFileW(LongPath.Extended(path).TrimEnd('\\') + @"\*", out var found);
        if (search == InvalidHandle)
            // The root of a drive may have no names at all.
            return Marshal.GetLastWin32Error() is not WindowsError.FileNotFound and var error
                ? error
                : WindowsError.None;
        try
        {
            do
            {
                var name = found.Name;
                if (name is not ("." or ".."))
                    entries.Add(
                        new WindowsEntry(
                            name,
                            found.LinkAttributes,
                            found.Length,
                            DateTimeOffset.FromFileTime(found.Written)
                        )
                    );
            } while (FindNextFileW(search, out found));
            return Marshal.GetLastWin32Error() is not WindowsError.NoMoreFiles and var last ? last : WindowsError.None;
        }
        finally
        {
            _ = FindClose(search);
        }
    }

    public int GetState(SafeFileHandle file, out WindowsFileState state)
    {
        state = default;
        if (
            !GetFileInformationByHandleEx(
                file,
                BasicInfo,
                out BasicInformation basic,
                Marshal.SizeOf<BasicInformation>()
            )
            || !GetFileInformationByHandleEx(
                file,
                StandardInfo,
                out StandardInformation standard,
                Marshal.SizeOf<StandardInformation>()
            )
        )
            return Marshal.GetLastWin32Error();
        state = new WindowsFileState(
            (FileAttributes)basic.Attributes,
            standard.Size,
            basic.Written,
            basic.Changed,
            FileIdOf(file)
        );
        return WindowsError.None;
    }

    /// <summary>Removes <see cref="FileAttributes.ReparsePoint"/> from the attributes of a name that is no link. Files in a cloud,
    /// compressed files and deduplicated ones are reparse points, too.</summary>
    /// <param name="tag">Kind of the reparse point; meaningless for other names.</param>
    internal static FileAttributes LinkAttributesOf(FileAttributes attributes, uint tag) =>
        (tag & NameSurrogate) != 0 ? attributes : attributes & ~FileAttributes.ReparsePoint;

    // ReFS has 128 bits, of which the upper ones are those of the folder.
    private static ulong FileIdOf(SafeFileHandle file) =>
        GetFileInformationByHandleEx(file, IdInfo, out IdInformation id, Marshal.SizeOf<IdInformation>())
            ? id.Low ^ id.High
            : 0;

    private static int Open(
        string path,
        uint rights,
        FileShare share,
        int disposition,
        int flags,
        out SafeFileHandle? file
    )
    {
        file = CreateFileW(LongPath.Extended(path), rights, (int)share, IntPtr.Zero, disposition, flags, IntPtr.Zero);
        if (!file.IsInvalid)
        {
            if (GetFileType(file) == DiskFile)
                return WindowsError.None;
            file.Dispose();
            file = null;
            return WindowsError.NotADiskFile;
        }
        var error = Marshal.GetLastWin32Error();
        file.Dispose();
        file = null;
        return error;
    }

    /// <summary>Whether a path is a symbolic link or junction. Other reparse points, of deduplicated files or files in a
    /// cloud, are not links.</summary>
    private static bool IsLink(string path)
    {
        var search = FindFirstFileW(LongPath.Extended(path).TrimEnd('\\'), out var found);
        if (search == InvalidHandle)
            return false;
        _ = FindClose(search);
        return (found.LinkAttributes & FileAttributes.ReparsePoint) != 0;
    }

    private static int ErrorOf(bool succeeded) => succeeded ? WindowsError.None : Marshal.GetLastWin32Error();

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern SafeFileHandle CreateFileW(
        string path,
        uint rights,
        int share,
        IntPtr security,
        int disposition,
        int flags,
        IntPtr template
    );

    [DllImport("kernel32", SetLastError = true)]
    private static extern int GetFileType(SafeFileHandle file);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileExW(string from, string to, int flags);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeleteFileW(string path);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateDirectoryW(string path, IntPtr security);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool RemoveDirectoryW(string path);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern uint GetFileAttributesW(string path);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetFileAttributesW(string path, uint attributes);

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern IntPtr FindFirstFileW(string path, out FoundFile found);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FindNextFileW(IntPtr search, out FoundFile found);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FindClose(IntPtr search);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandleEx(
        SafeFileHandle file,
        int kind,
        out BasicInformation information,
        int size
    );

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandleEx(
        SafeFileHandle file,
        int kind,
        out StandardInformation information,
        int size
    );

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandleEx(
        SafeFileHandle file,
        int kind,
        out IdInformation information,
        int size
    );

    // WIN32_FIND_DATAW.
    [StructLayout(LayoutKind.Explicit, Size = 592)]
    private unsafe struct FoundFile
    {
        [FieldOffset(0)]
        private readonly uint _attributes;

        [FieldOffset(20)]
        private readonly uint _writtenLow;

        [FieldOffset(24)]
        private readonly uint _writtenHigh;

        [FieldOffset(28)]
        private readonly uint _lengthHigh;

        [FieldOffset(32)]
        private readonly uint _lengthLow;

        [FieldOffset(36)]
        private readonly uint _reparseTag;

        // 260 characters.
        [FieldOffset(44)]
        private fixed ushort _name[260];

        public readonly long Length => ((long)_lengthHigh << 32) | _lengthLow;

        public readonly long Written => ((long)_writtenHigh << 32) | _writtenLow;

        /// <summary>The attributes, where <see cref="FileAttributes.ReparsePoint"/> is set for links only.</summary>
        public readonly FileAttributes LinkAttributes => LinkAttributesOf((FileAttributes)_attributes, _reparseTag);

        public string Name
        {
            get
            {
                fixed (ushort* start = _name)
                    return new string((char*)start);
            }
        }
    }

    // FILE_BASIC_INFO.
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private readonly struct BasicInformation
    {
        [FieldOffset(16)]
        public readonly long Written;

        [FieldOffset(24)]
        public readonly long Changed;

        [FieldOffset(32)]
        public readonly uint Attributes;
    }

    // FILE_STANDARD_INFO.
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private readonly struct StandardInformation
    {
        [FieldOffset(8)]
        public readonly long Size;
    }

    // FILE_ID_INFO.
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    private readonly struct IdInformation
    {
        [FieldOffset(8)]
        public readonly ulong Low;

        [FieldOffset(16)]
        public readonly ulong High;
    }
}

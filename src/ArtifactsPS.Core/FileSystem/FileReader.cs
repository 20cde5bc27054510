namespace ArtifactsPS.Core.FileSystem;

/// <summary>Reads a file sequentially, and detects changes made while it is read.</summary>
internal sealed class FileReader : IDisposable
{
    private readonly int _descriptor = -1;
    private readonly FileStream? _file;
    private readonly FileState _opened;

    /// <exception cref="FileNotFoundException">The file does not exist, or a link is broken.</exception>
    /// <exception cref="IOException">The path is not a regular file.</exception>
    public FileReader(string path)
        : this(path, LinuxFile.IsSupported ? LinuxFile.OpenRead(path) : -1) { }

    /// <summary>Reads a file that may already be open.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="descriptor">Open descriptor, owned by the reader; negative to open the file by its path.</param>
    /// <exception cref="IOException">The path is not a regular file.</exception>
    public FileReader(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
        if (descriptor < 0)
            _file = Open(path);
        try
        {
            _opened = ReadState();
            // Before the bytes are read: what is written afterwards by another open shows in the state.
            State =
                _file is not null || !LinuxChangeTimes.WillShowChanges(_descriptor, _opened)
                    ? _opened with
                    {
                        Changed = 0,
                    }
                    : _opened;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Path by which the file was opened.</summary>
    public string Path { get; }

    /// <summary>State of the file when it was opened. The change time is 0 if another program may change the file without
    /// changing its times.</summary>
    public FileState State { get; }

    /// <summary>Whether the size is known only after reading: files below <c>/proc</c> report 0 and have content.</summary>
    public bool IsOfUnknownSize => State.Size == 0;

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>Number of bytes read.</returns>
    public int Read(byte[] buffer, int offset, int count) =>
        _file?.ReadFully(buffer, offset, count) ?? LinuxFile.Read(Path, _descriptor, buffer, offset, count);

    /// <summary>Continues reading at the start of the file.</summary>
    public void Rewind() => Seek(0);

    /// <summary>Continues reading at a position.</summary>
    /// <param name="position">Offset in bytes from the start.</param>
    public void Seek(long position)
    {
        if (_file is not null)
            _file.Position = position;
        else
            LinuxFile.Seek(Path, _descriptor, position);
    }

    /// <summary>Makes an empty file share all bytes of this one on the disk.</summary>
    /// <param name="target">Descriptor of the empty file, open for writing.</param>
    /// <returns>False if the file system can't.</returns>
    public bool TryCloneTo(int target) => _file is null && LinuxClone.TryCreate(_descriptor, target);

    /// <summary>Checks that the file was not changed since it was opened.</summary>
    /// <param name="read">Number of bytes read.</param>
    /// <exception cref="FileChangedWhileReadingException">The file was written to.</exception>
    public void CheckUnchanged(long read)
    {
        var state = ReadState();
        // Without a change time at first, as for a file of a cloud that reading downloads, a later one says nothing.
        if (_opened.Changed == 0)
            state = state with { Changed = 0 };
        if (read != State.Size && !IsOfUnknownSize || state != _opened)
            throw new FileChangedWhileReadingException(Path);
    }

    /// <summary>Sets the executable bits to match the read bits, or clears them. Does nothing on Windows.</summary>
    public void SetExecutable(bool executable)
    {
        if (_file is null)
            UnixPermissions.SetExecutable(Path, _descriptor, executable);
        else
            UnixPermissions.SetExecutable(Path, executable);
    }

    public void Dispose()
    {
        if (_file is not null)
            _file.Dispose();
        else
            LinuxFile.Close(_descriptor);
    }

    private static FileStream Open(string path)
    {
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        try
        {
            // A file that this user may not read stays so.
            return LocalFileSystem.Current.Open(path, FileMode.Open, FileAccess.Read, Share, FileWaiting.InUse);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    private FileState ReadState() =>
        _file is null ? LinuxFile.StateOf(Path, _descriptor) : LocalFileSystem.Current.StateOf(_file, Path);
}

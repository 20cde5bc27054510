namespace ArtifactsPS.Core.FileSystem;

/// <summary>Reads a file from beginning to end, and knows whether it was written to meanwhile.</summary>
internal sealed class FileReader : IDisposable
{
    private readonly int _descriptor = -1;
    private readonly FileStream? _file;

    /// <exception cref="FileNotFoundException">There is no such file, or a link leads nowhere.</exception>
    /// <exception cref="IOException">It is not a regular file.</exception>
    public FileReader(string path)
        : this(path, LinuxFile.IsSupported ? LinuxFile.OpenRead(path) : -1) { }

    /// <summary>Reads a file that is open.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="descriptor">Its descriptor, owned; negative where it is to be opened by its path.</param>
    /// <exception cref="IOException">It is not a regular file.</exception>
    public FileReader(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
        if (descriptor < 0)
            _file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1
            );
        try
        {
            State = Look();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>By which it was opened.</summary>
    public string Path { get; }

    /// <summary>What the file was when it was opened.</summary>
    public FileState State { get; }

    /// <summary>Whether only reading it tells how long it is: files below <c>/proc</c> say 0 and have content.</summary>
    public bool IsOfUntoldSize => State.Size == 0;

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(byte[] buffer, int offset, int count) =>
        _file?.ReadFully(buffer, offset, count) ?? LinuxFile.Read(Path, _descriptor, buffer, offset, count);

    /// <summary>Begins anew.</summary>
    public void Rewind()
    {
        if (_file is not null)
            _file.Position = 0;
        else
            LinuxFile.Rewind(Path, _descriptor);
    }

    /// <summary>Makes sure that what was read is what the file was when it was opened.</summary>
    /// <param name="read">How many bytes were read.</param>
    /// <exception cref="FileChangedWhileReadingException">It was written to.</exception>
    public void CheckUnchanged(long read)
    {
        if (read != State.Size && !IsOfUntoldSize || Look() != State)
            throw new FileChangedWhileReadingException(Path);
    }

    /// <summary>Lets everyone who may read the file run it, or no one, where files have such a bit.</summary>
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

    private FileState Look() => _file is null ? LinuxFile.StateOf(Path, _descriptor) : FileState.Of(Path);
}

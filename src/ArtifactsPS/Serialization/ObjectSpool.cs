using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Serialization;

/// <summary>Bytes that are written before their number is known: in memory, or in a temporary file if there are many.</summary>
internal sealed class ObjectSpool : Stream
{
    private const int MaxInMemory = 4 << 20;

    private readonly MemoryStream _memory = new();
    private FileStream? _file;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => Content.Length;

    public override long Position
    {
        get => Content.Position;
        set => Content.Position = value;
    }

    private Stream Content => _file ?? (Stream)_memory;

    /// <summary>Adds the bytes to a draft as a file.</summary>
    /// <exception cref="Core.Manifests.ArtifactEntryConflictException">The path was added before, with other content.</exception>
    public async Task AddToAsync(
        ArtifactDraft draft,
        EntryPath path,
        bool replace,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        if (_file is null)
        {
            var bytes = new ReadOnlyMemory<byte>(_memory.GetBuffer(), 0, (int)_memory.Length);
            await draft.AddBytesAsync(path, bytes, replace, cancellationToken).ConfigureAwait(false);
            return;
        }
        await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
        await draft.AddFileAsync(path, _file.Name, replace, progress, cancellationToken).ConfigureAwait(false);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_file is null && _memory.Position + count > MaxInMemory)
        {
            // Windows lets few readers open a file that is deleted on close, and the draft opens it by its name.
            _file = TemporaryFile.Open(FileOptions.None);
            _memory.WriteTo(_file);
            _memory.SetLength(0);
            _memory.Capacity = 0;
        }
        Content.Write(buffer, offset, count);
    }

    public override int Read(byte[] buffer, int offset, int count) => Content.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => Content.Seek(offset, origin);

    public override void Flush() => Content.Flush();

    public override void SetLength(long value) => Content.SetLength(value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _memory.Dispose();
            _file?.Dispose();
            if (_file is not null)
                TemporaryFile.Delete(_file.Name);
        }
        base.Dispose(disposing);
    }
}

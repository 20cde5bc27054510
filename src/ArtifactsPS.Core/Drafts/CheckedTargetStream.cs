using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Content of a target, compared with the recorded size and digest while it is read.</summary>
/// <param name="source">The content from its start; owned.</param>
internal sealed class CheckedTargetStream(ManifestEntry reference, Stream source) : ForwardStream
{
    private readonly Sha256 _hash = new();
    private long _read;
    private bool _isChecked;

    public override int Read(byte[] buffer, int offset, int count) =>
        count == 0 ? 0 : Add(buffer, offset, source.Read(buffer, offset, count));

    public override async Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) =>
        count == 0
            ? 0
            : Add(
                buffer,
                offset,
                await source.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false)
            );

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Add(byte[] buffer, int offset, int read)
    {
        _read += read;
        // Stops before the rest of a target that is too long.
        if (reference.Size is { } size && (_read > size || read == 0 && _read < size))
            throw Changed(read == 0 ? $"whose size is {_read}, not {size}" : $"whose size is more than {size}");
        if (read > 0)
            _hash.Append(buffer, offset, read);
        else if (!_isChecked)
        {
            _isChecked = true;
            if (reference.Digest is { } digest && _hash.Finish() is var found && found != digest)
                throw Changed($"whose digest is {found}, not {digest}");
        }
        return read;
    }

    private ReferenceChangedException Changed(string fault) => new(reference.Path.ToString(), reference.Uri!, fault);
}

/// <summary>Reads a file, and detects changes made while it is read.</summary>
internal sealed class FileReaderStream(string path) : ForwardStream
{
    private readonly FileReader _file = new(path);
    private long _read;

    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _file.Read(buffer, offset, count);
        _read += read;
        if (read < count)
            _file.CheckUnchanged(_read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Read(buffer, offset, count));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}

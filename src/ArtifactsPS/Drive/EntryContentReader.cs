using System.Collections;
using System.Management.Automation.Provider;
using System.Text;
using ArtifactsPS.Commands.Artifacts;

namespace ArtifactsPS.Drive;

/// <summary>Reads a file for Get-Content, as lines or bytes.</summary>
/// <param name="stream">Content; disposed with the reader.</param>
/// <param name="path">The entry's path.</param>
/// <param name="encoding">Null for bytes.</param>
/// <param name="isWhole">Whether to return the whole content as one item.</param>
internal sealed class EntryContentReader(Stream stream, string path, Encoding? encoding, bool isWhole) : IContentReader
{
    private readonly StreamReader? _text = encoding is null
        ? null
        : new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true);
    private bool _ended;

    public IList Read(long readCount)
    {
        if (_ended)
            return Array.Empty<object>();
        if (isWhole)
        {
            _ended = true;
            return new object[]
            {
                _text?.ReadToEnd() ?? (object)ContentTooLargeException.ReadAll(stream, stream.Length, path),
            };
        }
        // Zero means all.
        var limit = readCount <= 0 ? int.MaxValue : (int)Math.Min(readCount, int.MaxValue);
        var items = new List<object>();
        while (items.Count < limit && Next() is { } item)
            items.Add(item);
        _ended = items.Count < limit;
        return items;
    }

    public void Seek(long offset, SeekOrigin origin)
    {
        stream.Seek(offset, origin);
        _text?.DiscardBufferedData();
        _ended = false;
    }

    public void Close() => Dispose();

    public void Dispose()
    {
        _text?.Dispose();
        stream.Dispose();
    }

    private object? Next()
    {
        if (_text is not null)
            return _text.ReadLine();
        var value = stream.ReadByte();
        return value < 0 ? null : (byte)value;
    }
}

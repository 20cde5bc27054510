using System.Text;

namespace ArtifactsPS.Serialization;

/// <summary>Last lines of a text.</summary>
internal static class TextTail
{
    private const int BlockSize = 1 << 16;

    /// <summary>Reads the last lines. Reads only the end of the content if a line break is one byte in its encoding.</summary>
    /// <param name="content">Stream that can seek.</param>
    public static string[] Read(Stream content, Encoding encoding, int count)
    {
        if (count == 0)
            return [];
        var start = content.Position;
        var hasByteBreaks =
            encoding is not (UnicodeEncoding or UTF32Encoding) && encoding.IsSingleByte || encoding is UTF8Encoding;
        if (hasByteBreaks && !BeginsWithWideMark(content, start))
            content.Position = StartOf(content, start, count);
        else
            content.Position = start;
        using var text = new StreamReader(content, encoding, content.Position == start, BlockSize, leaveOpen: true);
        var last = new Queue<object?>();
        while (text.ReadLine() is { } line)
            Add(last, line, count);
        return [.. last.Cast<string>()];
    }

    /// <summary>Adds an item to the last ones.</summary>
    public static void Add(Queue<object?> last, object? item, int count)
    {
        last.Enqueue(item);
        if (last.Count > count)
            last.Dequeue();
    }

    // Start of a line with at least so many lines from there on.
    private static long StartOf(Stream content, long start, int count)
    {
        var buffer = new byte[BlockSize];
        var breaks = 0;
        // A break at the end of the text ends the last line.
        var end = content.Length;
        for (var block = end; block > start; )
        {
            var length = (int)Math.Min(BlockSize, block - start);
            block -= length;
            content.Position = block;
            var read = ReadFully(content, buffer, length);
            for (var i = read - 1; i >= 0; i--)
                if (buffer[i] == '\n' && block + i < end - 1 && ++breaks == count)
                    return block + i + 1;
        }
        return start;
    }

    // The text is in UTF-16 or UTF-32, whatever encoding was given.
    private static bool BeginsWithWideMark(Stream content, long start)
    {
        content.Position = start;
        var mark = new byte[4];
        var length = ReadFully(content, mark, mark.Length);
        return length >= 2
            && ((mark[0], mark[1]) is (0xFE, 0xFF) or (0xFF, 0xFE) || length == 4 && mark is [0, 0, 0xFE, 0xFF]);
    }

    private static int ReadFully(Stream content, byte[] buffer, int length)
    {
        var total = 0;
        while (total < length && content.Read(buffer, total, length - total) is > 0 and var read)
            total += read;
        return total;
    }
}

using System.Text;
using ArtifactsPS.Core.Drafts.Ignoring;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Fuzzing;

/// <summary>An entry path.</summary>
internal sealed class EntryPathTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds() =>
        new[] { "a/b.txt", "../x", "C:/x", "a//b", "a/./b", "\uE000/\U0001F600", "con", "x." }.Select(
            Encoding.UTF8.GetBytes
        );

    protected override void Process(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!EntryPath.TryParse(text, out var path))
            return;
        // An accepted path stays inside the folder that it is restored to.
        var segments = text.Split('/');
        if (path.ToString() != text || segments.Any(segment => segment is "" or "." or "..") || text.Contains('\0'))
            throw new InvalidOperationException($"Accepted the unsafe path '{text}'.");
        var full = Path.GetFullPath(Path.Combine("/destination", text));
        if (full != "/destination/" + text)
            throw new InvalidOperationException($"'{text}' resolves to {full}.");
    }
}

/// <summary>An artifact reference.</summary>
internal sealed class ReferenceTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds() =>
        new[] { "m", "m:latest", "m:v3", "m@" + Samples.DigestOf('a'), "m:v99999999999", "a.b-c_d:x y" }.Select(
            Encoding.UTF8.GetBytes
        );

    protected override void Process(byte[] input)
    {
        var reference = ArtifactReference.Parse(Encoding.UTF8.GetString(input));
        var copy = ArtifactReference.Parse(reference.ToString());
        if (
            copy.Name != reference.Name
            || copy.Version != reference.Version
            || copy.Alias != reference.Alias
            || copy.Digest != reference.Digest
        )
            throw new InvalidOperationException($"'{reference}' changes when it is parsed again.");
    }

    protected override bool IsExpected(Exception e) => e is ArtifactsException;
}

/// <summary>A line with a path, and an ignore file that is matched against it.</summary>
internal sealed class IgnoreTarget : FuzzTarget
{
    private static readonly string File = Path.GetTempFileName();

    public override IEnumerable<byte[]> Seeds() =>
        new[] { "a/b/c.txt\n# no\n*.txt\n!b/\n/a/**/c[a-z].t?t\n\\!x\n", "x\n**/[!a]*\n[[:alpha:]]/\n" }.Select(
            Encoding.UTF8.GetBytes
        );

    protected override void Process(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        if (end < 0 || !EntryPath.TryParse(Encoding.UTF8.GetString(input, 0, end), out var entry))
            return;
        System.IO.File.WriteAllBytes(File, input[(end + 1)..]);
        var ignore = IgnoreFile.Read(File, "", null);
        var path = entry.ToString();
        foreach (var isFolder in new[] { false, true })
            ignore.Find(path, path[(path.LastIndexOf('/') + 1)..], isFolder);
    }
}

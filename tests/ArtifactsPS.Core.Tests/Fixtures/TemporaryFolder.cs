using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A folder of a name that code handles wrongly where it can; gone with all that is below once disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"a b [é] %41 \U0001F600 {Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file, and the folders above it.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public string Write(string relative, byte[] bytes)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Read(string relative) => File.ReadAllText(this[relative]);

    /// <summary>Makes a link to a file or folder, which need not be there.</summary>
    public string Link(string relative, string target)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        return path;
    }

    /// <summary>Every file and link below, by its relative path, with the SHA-256 of what it holds.</summary>
    public SortedDictionary<string, string> Snapshot()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path, "*", All))
            files.Add(
                System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'),
                File.ResolveLinkTarget(file, false) is { } target
                    ? "-> " + target.FullName
                    : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))
            );
        return files;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
            foreach (var file in Directory.EnumerateFiles(Path, "*", All))
                File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Path, recursive: true);
    }

    private static EnumerationOptions All => new() { RecurseSubdirectories = true, AttributesToSkip = 0 };
}

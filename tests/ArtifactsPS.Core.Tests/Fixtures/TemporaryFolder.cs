using System.Security.Cryptography;
using System.Text;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Temporary folder with a difficult name; deleted with its content on disposal.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"a b [é] %41 \U0001F600 {Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Full path of a file or folder.</summary>
    /// <param name="relative">Path within the folder, separated by <c>/</c>.</param>
    public string this[string relative] =>
        System.IO.Path.Combine(Path, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>Writes a file, and the folders above it.</summary>
    /// <returns>Full path of the file.</returns>
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

    /// <summary>Creates a symbolic link. The target may be missing. Skips the test where links can't be created.</summary>
    public string Link(string relative, string target)
    {
        Links.SkipUnlessSupported();
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        Links.Create(path, target);
        return path;
    }

    /// <summary>Files and links below the folder: relative path and SHA-256 of the content, or target.</summary>
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

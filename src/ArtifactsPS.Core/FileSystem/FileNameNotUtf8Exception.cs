using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>The name of a file on Linux is not valid UTF-8, so it can't be the path of an entry.</summary>
public sealed class FileNameNotUtf8Exception : ArtifactsException
{
    private FileNameNotUtf8Exception(string path)
        : base(
            $"The name of '{path}' is not valid UTF-8, so no system could restore it under that name. Rename the file, or leave it out "
                + "with -Exclude.",
            path
        ) { }

    public override string ErrorId => "FileNameNotUtf8";

    public override ErrorKind Kind => ErrorKind.InvalidData;

    /// <param name="path">Full path of the file, with escapes.</param>
    internal static FileNameNotUtf8Exception Of(string path) => new(LinuxFileName.Display(path));
}

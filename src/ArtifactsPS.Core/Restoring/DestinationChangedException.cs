using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>A restore would replace or remove files of the destination.</summary>
public sealed class DestinationChangedException(string destination, IReadOnlyList<string> files)
    : ArtifactsException(
        $"Nothing was restored to '{destination}', because -NoClobber is given and these files would be replaced or removed: "
            + string.Join(", ", files.Take(MaxListed).Select(file => $"'{file}'"))
            + (files.Count > MaxListed ? $" and {files.Count - MaxListed} more" : "")
            + ". Move them, choose another destination, or omit -NoClobber.",
        destination
    )
{
    private const int MaxListed = 20;

    /// <summary>Full paths of the files.</summary>
    public IReadOnlyList<string> Files { get; } = files;

    public override string ErrorId => "DestinationChanged";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}

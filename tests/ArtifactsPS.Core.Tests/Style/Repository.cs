namespace ArtifactsPS.Core.Tests.Style;

/// <summary>The repository that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Full path of the repository's folder.</summary>
    public static string Root { get; } = RootAbove(AppContext.BaseDirectory);

    private static string RootAbove(string folder) =>
        File.Exists(Path.Combine(folder, "Directory.Packages.props"))
            ? folder
            : RootAbove(
                Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The repository was not found.")
            );
}

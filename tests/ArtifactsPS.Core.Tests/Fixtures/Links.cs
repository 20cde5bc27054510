namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Symbolic links of the machine that runs the tests.</summary>
internal static class Links
{
    /// <summary>Whether this user can create links. On Windows that needs a privilege or the developer mode; Wine reports
    /// success and creates nothing.</summary>
    public static bool AreSupported { get; } = Probe();

    /// <summary>Skips the test where no links can be created.</summary>
    public static void SkipUnlessSupported() =>
        Assert.SkipUnless(AreSupported, "This user or system can't create symbolic links.");

    /// <summary>Creates a link. Windows distinguishes links to folders from others.</summary>
    /// <param name="target">Target, which may be missing. A relative one starts in the folder of the link.</param>
    public static void Create(string path, string target)
    {
        if (Directory.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)))
            Directory.CreateSymbolicLink(path, target);
        else
            File.CreateSymbolicLink(path, target);
    }

    private static bool Probe()
    {
        var path = Path.Combine(Path.GetTempPath(), $"link {Guid.NewGuid():N}");
        try
        {
            Create(path, "nowhere");
            return new FileInfo(path).LinkTarget is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

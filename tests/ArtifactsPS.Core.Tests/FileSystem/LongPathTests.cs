namespace ArtifactsPS.Core.Tests.FileSystem;

public sealed class LongPathTests
{
    private static readonly string Deep = string.Join('\\', Enumerable.Repeat(new string('x', 40), 7));

    [Theory]
    [InlineData(@"C:\", @"\\?\C:\")]
    [InlineData(@"\\server\share\", @"\\?\UNC\server\share\")]
    public void Long_path_gets_the_prefix(string root, string extended)
    {
        Assert.Equal(extended + Deep, LongPath.Extended(root + Deep));
        Assert.Equal(extended + Deep, LongPath.Extended(root + "a/../" + Deep.Replace('\\', '/') + @"\."));
        Assert.Equal(extended + Deep, LongPath.Extended(root + @"..\..\" + Deep));
        Assert.Equal(extended + Deep, LongPath.Extended(extended + Deep));
        Assert.Equal(root + "short", LongPath.Extended(root + "short"));
    }

    [Theory]
    [InlineData(@"\\?\C:\a\b", @"\\?\C:\a\b|\\?\C:\a|\\?\C:\")]
    [InlineData(@"\\?\C:\", @"\\?\C:\")]
    [InlineData(@"\\?\UNC\server\share\a", @"\\?\UNC\server\share\a|\\?\UNC\server\share\")]
    [InlineData(@"\\?\UNC\server\share", @"\\?\UNC\server\share")]
    public void Ancestors_end_at_the_root(string path, string expected) =>
        Assert.Equal(expected.Split('|'), LongPath.WithAncestors(path));

    [Fact]
    public void Folder_of_a_path_is_found_without_access()
    {
        var separator = Path.DirectorySeparatorChar;
        Assert.Equal($"{separator}a", LongPath.FolderOf($"{separator}a{separator}b"));
        Assert.Equal($"{separator}", LongPath.FolderOf($"{separator}b"));
        Assert.Equal("", LongPath.FolderOf("b"));
    }
}

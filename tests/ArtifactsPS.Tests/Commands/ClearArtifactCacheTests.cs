using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class ClearArtifactCacheTests : SessionTests
{
    // What other tests keep there is as little needed as what this one does.
    private static string Folder => Path.Combine(Suite.UserFolder, "cache");

    [Fact]
    public void Removes_what_is_kept_on_this_machine_and_nothing_else()
    {
        Session.PublishTexts("model", ("a.txt", "first"));
        var kept = Path.Combine(Folder, "files", "clear", "some.index");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllText(kept, "what was remembered");

        Assert.Empty(Session.Run("Clear-ArtifactCache -WhatIf"));
        Assert.True(File.Exists(kept));

        Assert.Empty(Session.Run("Clear-ArtifactCache"));
        Assert.False(File.Exists(kept));
        Assert.Equal("first", Session.One("Get-ArtifactContent model a.txt").BaseObject);
    }

    [Fact]
    public void There_need_be_nothing()
    {
        Session.Run("Clear-ArtifactCache");
        Assert.Empty(Session.Run("Clear-ArtifactCache"));
        Assert.Empty(Session.Warnings);
    }
}

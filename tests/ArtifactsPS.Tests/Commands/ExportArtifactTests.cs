using System.IO.Compression;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class ExportArtifactTests : SessionTests
{
    [Fact]
    public void Writes_an_archive_whose_files_are_plain()
    {
        Session.Publish("m", "a [1]/é.txt", "b");

        Assert.Empty(Session.Run("Export-Artifact m './m [1].zip'"));

        using var zip = ZipFile.OpenRead(Path.Combine(Session.Folder, "m [1].zip"));
        Assert.Equal(["artifact.json", "files/a [1]/é.txt", "files/b"], zip.Entries.Select(item => item.FullName));
        using var text = new StreamReader(zip.Entries[1].Open());
        Assert.Equal("a [1]/é.txt", text.ReadToEnd());
    }

    [Fact]
    public void Executable_files_have_the_mode_for_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No such permissions on Windows.");
        var run = Session.File("run", "#!");
#pragma warning disable CA1416 // Not on Windows.
        File.SetUnixFileMode(run, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        Session.Run("New-Artifact m tool | Add-ArtifactFile run | Publish-Artifact; Export-Artifact m m.zip");

        using var zip = ZipFile.OpenRead(Path.Combine(Session.Folder, "m.zip"));

        Assert.Equal(0x81ED, (int)((uint)zip.GetEntry("files/run")!.ExternalAttributes >> 16));
    }

    [Fact]
    public void Force_replaces_what_is_there_and_PassThru_writes_the_archive()
    {
        Session.Publish("m", "a");
        var archive = Session.File("m.zip", "mine");

        Session
            .Fail("Export-Artifact m m.zip")
            .AssertIs("ArchiveExists", ErrorCategory.ResourceExists, "m", archive, "-Force");
        Assert.Equal("mine", File.ReadAllText(archive));
        Assert.Equal([archive], Session.Texts("Export-Artifact m m.zip -Force -PassThru"));
    }

    [Fact]
    public void A_script_block_names_an_archive_for_each_version()
    {
        Session.PublishTexts("m", ("a", "1"));
        Session.PublishTexts("m", ("a", "2"));

        Session.Run("Get-Artifact m -AllVersions | Export-Artifact -Path { \"$($_.Version).zip\" }");

        Assert.True(File.Exists(Path.Combine(Session.Folder, "v0.zip")));
        Assert.True(File.Exists(Path.Combine(Session.Folder, "v1.zip")));
    }

    [Fact]
    public void Refuses_a_folder_and_what_is_no_file_system()
    {
        Session.Publish("m", "a");

        Session.Fail("Export-Artifact m .").AssertIs("FileUnreadable", ErrorCategory.ReadError, "m", "m.zip");
        Session
            .Fail("Export-Artifact m variable:x")
            .AssertIs("NotAFileSystemPath", ErrorCategory.InvalidArgument, "m", "Variable");
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Session.Publish("m", "a");

        Session.Run("Export-Artifact m m.zip -WhatIf");

        Assert.False(File.Exists(Path.Combine(Session.Folder, "m.zip")));
    }
}

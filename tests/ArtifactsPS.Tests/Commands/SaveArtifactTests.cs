using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class SaveArtifactTests : SessionTests
{
    private static readonly string[] All = ["a.txt", "dir/b.txt", "dir/sub/c.txt", "odd [1].txt", "ü 😀.txt"];

    public SaveArtifactTests() => Session.Publish("model", All);

    [Fact]
    public void Restores_all_files_to_a_folder_that_it_makes_and_writes_nothing()
    {
        Assert.Empty(Session.Run("Save-Artifact model new/out"));

        Assert.Equal(All, Saved("new/out"));
        Assert.All(All, path => Assert.Equal(path, File.ReadAllText(Path.Combine(Session.Folder, "new/out", path))));
    }

    [Fact]
    public void PassThru_writes_the_files()
    {
        var files = Session.Run("Save-Artifact model out -PassThru");

        Assert.All(files, file => Assert.IsType<FileInfo>(file.BaseObject));
        Assert.Equal(
            All.Select(path => Path.GetFullPath(Path.Combine(Session.Folder, "out", path)))
                .Order(StringComparer.Ordinal),
            files.Select(file => file.Text("FullName")!).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("-Path dir/", "dir/b.txt,dir/sub/c.txt")]
    [InlineData("-Path dir/b.txt, a.txt", "a.txt,dir/b.txt")]
    [InlineData("-Path *.txt", "a.txt,dir/b.txt,dir/sub/c.txt,odd [1].txt,ü 😀.txt")]
    [InlineData("-LiteralPath 'odd [1].txt'", "odd [1].txt")]
    public void Path_and_LiteralPath_choose(string arguments, string saved)
    {
        Session.Run("Save-Artifact model out " + arguments);

        Assert.Equal(saved.Split(','), Saved("out"));
    }

    [Fact]
    public void A_path_that_is_not_there_is_an_error_and_the_others_are_restored()
    {
        Session
            .Fail("Save-Artifact model out -Path nothing, a.txt")
            .AssertIs("ArtifactEntryNotFound", ErrorCategory.ObjectNotFound, "nothing", "nothing", "model:v0");

        Assert.Equal(["a.txt"], Saved("out"));
    }

    [Fact]
    public void Leaves_right_files_alone_and_replaces_changed_ones()
    {
        Session.Run("Save-Artifact model out");
        var right = Path.Combine(Session.Folder, "out", "a.txt");
        var wrong = Path.Combine(Session.Folder, "out", "dir", "b.txt");
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(right, longAgo);
        File.WriteAllText(wrong, "edited");

        Session.Run("Save-Artifact model out");

        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(right));
        Assert.Equal("dir/b.txt", File.ReadAllText(wrong));
    }

    [Fact]
    public void Clean_removes_what_is_not_in_the_version_and_only_then()
    {
        Session.Run("Save-Artifact model out");
        Session.File("out/extra.txt");
        Session.File("out/dir/more/extra.txt");

        Session.Run("Save-Artifact model out");
        Assert.Contains("extra.txt", Saved("out"));

        Session.Run("Save-Artifact model out -Clean");
        Assert.Equal(All, Saved("out"));
    }

    [Fact]
    public void A_folder_in_the_way_is_an_error_before_anything_is_written_unless_forced()
    {
        Session.File("out/a.txt/in the way");

        Session
            .Fail("Save-Artifact model out")
            .AssertIs("PathNotRestorable", ErrorCategory.WriteError, "model", "a.txt", "-Force");
        Assert.Equal(["a.txt/in the way"], Saved("out"));

        Session.Run("Save-Artifact model out -Force");
        Assert.Equal(All, Saved("out"));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Session.Run("Save-Artifact model out -WhatIf");

        Assert.False(Directory.Exists(Path.Combine(Session.Folder, "out")));
        Assert.Contains("model:v0", Session.Host.TakeShown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Restores_the_version_that_comes_down_the_pipeline()
    {
        Session.Publish("model", "newer");

        Session.Run("Get-Artifact model:v0 | Save-Artifact -Destination old; Save-Artifact model new");

        Assert.Equal(All, Saved("old"));
        Assert.Equal(["newer"], Saved("new"));
    }

    [Fact]
    public void Restores_to_a_folder_with_brackets_and_on_a_drive()
    {
        Directory.CreateDirectory(Path.Combine(Session.Folder, "root"));
        Session.Run(
            "$files = $ExecutionContext.SessionState.Provider.GetOne('FileSystem'); "
                + "$null = $ExecutionContext.SessionState.Drive.New("
                + "[Management.Automation.PSDriveInfo]::new('outputs', $files, \"$PWD/root\", '', $null), 'global')"
        );

        Session.Run("Save-Artifact model 'outputs:/in [1]'");

        Assert.Equal(All, Saved("root/in [1]"));
    }

    [Fact]
    public void Restores_the_executable_bit_and_empty_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no executable bit.");
#pragma warning disable CA1416 // Not on Windows.
        File.SetUnixFileMode(Session.File("in/run.sh", ""), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Session.File("in/data", "");

        Session.Run(
            "$null = New-Artifact tools t | Add-ArtifactDirectory in | Publish-Artifact; Save-Artifact tools out"
        );

        Assert.True(File.GetUnixFileMode(Path.Combine(Session.Folder, "out/run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(Session.Folder, "out/data")).HasFlag(UnixFileMode.UserExecute));
#pragma warning restore CA1416
        Assert.Equal(0, new FileInfo(Path.Combine(Session.Folder, "out/run.sh")).Length);
    }

    [Fact]
    public void An_artifact_without_entries_restores_to_an_empty_folder()
    {
        Session.Run("$null = New-Artifact empty t | Publish-Artifact; Save-Artifact empty out");

        Assert.Empty(Saved("out"));
    }

    [Fact]
    public void References_to_files_are_copied_and_others_warned_about()
    {
        Session.File("outside.txt", "referenced");
        Session.Run(
            "$null = New-Artifact refs t | Add-ArtifactReference outside.txt | Add-ArtifactReference https://example.org/far | "
                + "Publish-Artifact; Save-Artifact refs out"
        );

        Assert.Equal(["outside.txt"], Saved("out"));
        Assert.Contains("https://example.org/far", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_reference_is_an_error_about_it_and_the_others_are_restored()
    {
        Session.File("x/one.txt", "1");
        Session.File("x/two.txt", "2");
        Session.Run("$null = New-Artifact refs t | Add-ArtifactReference x | Publish-Artifact");
        Session.File("x/one.txt", "changed");

        Session
            .Fail("Save-Artifact refs out")
            .AssertIs("ReferenceChanged", ErrorCategory.InvalidData, "one.txt", "one.txt");

        Assert.Equal(["two.txt"], Saved("out"));
    }

    [Fact]
    public void A_missing_object_is_an_error_and_leaves_no_file()
    {
        foreach (var file in Session.StoreFiles().Where(file => file.StartsWith("objects", StringComparison.Ordinal)))
            File.Delete(Path.Combine(Session.Store, file));
        Session.Run("$null = New-ArtifactStore (\"$PWD/empty\")");

        Session.Try("Save-Artifact model out");

        Assert.NotEmpty(Session.Errors);
        Assert.All(Session.Errors, error => Assert.Equal("ObjectMissing", error.Id()));
        Assert.Empty(Saved("out"));
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error() =>
        Session
            .Fail("Save-Artifact nosuch out")
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "Get-Artifact");

    private string[] Saved(string folder)
    {
        var full = Path.Combine(Session.Folder, folder);
        return Directory.Exists(full)
            ?
            [
                .. Directory
                    .EnumerateFiles(full, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(full, file).Replace('\\', '/'))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }
}

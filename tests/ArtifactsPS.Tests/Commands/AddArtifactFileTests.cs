using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class AddArtifactFileTests : SessionTests
{
    private const string ListPaths = " | Get-ArtifactEntry | ForEach-Object Path";

    [Fact]
    public void Adds_a_file_under_its_own_name()
    {
        Session.File("deep/down/a.txt", "hello");

        var draft = Session.One("New-Artifact a b | Add-ArtifactFile deep/down/a.txt");
        var entry = Session.One("$args[0] | Get-ArtifactEntry", draft);

        Assert.Equal("Artifact", draft.TypeName());
        Assert.Equal(1, draft.Get<long>("FileCount"));
        Assert.Equal(5, draft.Get<long>("Size"));
        Assert.Equal("a.txt", entry.Text("Path"));
        Assert.Equal("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", entry.Text("Digest"));
    }

    [Fact]
    public void Expands_wildcards_of_Path_relative_to_the_current_folder()
    {
        foreach (var path in new[] { "a.txt", "b.txt", "c.csv", "sub/d.txt" })
            Session.File(path);

        Assert.Equal(["a.txt", "b.txt"], Session.Texts("New-Artifact a b | Add-ArtifactFile *.txt" + ListPaths));
        Assert.Equal(
            ["a.txt", "b.txt", "d.txt"],
            Session.Texts("New-Artifact a b | Add-ArtifactFile [ab].txt, s*/*.txt" + ListPaths)
        );
    }

    [Fact]
    public void A_wildcard_that_matches_nothing_is_silence() =>
        Assert.Empty(Session.Run("New-Artifact a b | Add-ArtifactFile *.nothing" + ListPaths));

    [Theory]
    [InlineData("with [brackets].txt")]
    [InlineData("a*b?.txt")]
    [InlineData("späce and ünïcode 日本 🎉.txt")]
    [InlineData("back`tick.txt")]
    [InlineData("-Force")]
    public void LiteralPath_takes_names_as_they_are(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains('*'), "Windows has no such names.");
        Session.File(name);

        Assert.Equal(
            [name],
            Session.Texts("New-Artifact a b | Add-ArtifactFile -LiteralPath $args[0]" + ListPaths, name)
        );
    }

    [Fact]
    public void Keeps_names_as_long_as_file_systems_have_them()
    {
        var name = new string('n', 251) + ".txt";
        Session.File(name);

        Assert.Equal(
            [name],
            Session.Texts("New-Artifact a b | Add-ArtifactFile -LiteralPath $args[0]" + ListPaths, name)
        );
    }

    [Fact]
    public void Takes_files_down_the_pipeline_for_a_given_draft()
    {
        Session.File("one [1].txt", "1");
        Session.File("two.txt", "2");

        var output = Session.Run(
            "$draft = New-Artifact a b; [IO.DirectoryInfo]::new($PWD.ProviderPath).GetFiles() | Add-ArtifactFile -Artifact $draft"
        );

        Assert.Empty(output);
        Assert.Equal(["one [1].txt", "two.txt"], Session.Texts("$draft" + ListPaths));
    }

    [Fact]
    public void Takes_paths_down_the_pipeline_for_a_given_draft()
    {
        Session.File("x1.txt");
        Session.File("x2.txt");
        Session.File("y.txt");

        Session.Run("$draft = New-Artifact a b; 'x*.txt', 'y.txt' | Add-ArtifactFile -Artifact $draft");

        Assert.Equal(["x1.txt", "x2.txt", "y.txt"], Session.Texts("$draft" + ListPaths));
    }

    [Fact]
    public void Takes_thousands_of_files_down_the_pipeline()
    {
        for (var i = 0; i < 2000; i++)
            Session.File($"many/{i:D4}.txt", $"{i}");

        Session.Run(
            "$draft = New-Artifact a b; [IO.Directory]::EnumerateFiles(\"$PWD/many\") | ForEach-Object { [IO.FileInfo]$_ } | "
                + "Add-ArtifactFile -Artifact $draft"
        );

        Assert.Equal(["2000"], Session.Texts("$draft.FileCount"));
        Assert.Equal(["v0"], Session.Texts("($draft | Publish-Artifact).Version"));
    }

    [Fact]
    public void Finds_files_on_a_drive_of_the_session()
    {
        Session.File("drive/sub/a.txt");
        Session.Run(
            "$files = $ExecutionContext.SessionState.Provider.GetOne('FileSystem'); "
                + "$null = $ExecutionContext.SessionState.Drive.New("
                + "[Management.Automation.PSDriveInfo]::new('data', $files, \"$PWD/drive\", '', $null), 'global')"
        );

        Assert.Equal(
            ["a.txt", "sub/a.txt"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactFile data:/sub/a.txt | "
                    + "Add-ArtifactFile -LiteralPath data:/sub/a.txt -RelativeTo data:/"
                    + ListPaths
            )
        );
        Assert.Equal(
            ["sub/a.txt"],
            Session.Texts(
                "$null = $ExecutionContext.SessionState.Path.SetLocation('data:/'); "
                    + "New-Artifact a b | Add-ArtifactFile sub/* -RelativeTo ."
                    + ListPaths
            )
        );
    }

    [Fact]
    public void Name_and_RelativeTo_name_the_entry()
    {
        Session.File("src/deep/a.txt");

        Assert.Equal(
            ["deep/a.txt", "docs/b.txt"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactFile src/deep/a.txt -RelativeTo src | "
                    + "Add-ArtifactFile src/deep/a.txt -Name docs/b.txt"
                    + ListPaths
            )
        );
    }

    [Fact]
    public void A_file_not_below_RelativeTo_is_an_error_about_it()
    {
        Session.File("here/a.txt");
        Session.File("there/b.txt");

        var error = Session.Fail(
            "$draft = New-Artifact a b; Add-ArtifactFile here/a.txt, there/b.txt -Artifact $draft -RelativeTo here"
        );

        error.AssertIs("InvalidEntryPath", ErrorCategory.InvalidArgument, "there/b.txt", "here", "b.txt");
        Assert.Equal(["a.txt"], Session.Texts("$draft" + ListPaths));
    }

    [Fact]
    public void A_missing_file_is_an_error_and_the_others_go_on()
    {
        Session.File("a.txt");
        Session.File("c.txt");

        var output = Session.Try("New-Artifact a b | Add-ArtifactFile a.txt, b.txt, c.txt" + ListPaths);

        Assert.Equal(["a.txt", "c.txt"], output.Select(path => (string)path.BaseObject));
        Assert
            .Single(Session.Errors)
            .AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, "b.txt", Path.Combine(Session.Folder, "b.txt"));
    }

    [Fact]
    public void A_missing_literal_path_is_the_target_of_its_error() =>
        Session
            .Fail("New-Artifact a b | Add-ArtifactFile -LiteralPath 'no [such].txt'")
            .AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, "no [such].txt", "no [such].txt");

    [Fact]
    public void A_folder_is_an_error_that_names_the_command_for_folders()
    {
        Session.File("sub/a.txt");

        Session
            .Fail("New-Artifact a b | Add-ArtifactFile sub")
            .AssertIs("FileUnreadable", ErrorCategory.ReadError, "sub", "Add-ArtifactDirectory");
    }

    [Fact]
    public void A_path_that_is_no_file_system_s_is_an_error() =>
        Session
            .Fail("New-Artifact a b | Add-ArtifactFile env:PATH")
            .AssertIs("NotAFileSystemPath", ErrorCategory.InvalidArgument, "env:PATH", "Environment");

    [Fact]
    public void The_same_content_twice_is_fine_and_other_content_a_conflict()
    {
        Session.File("a.txt", "one");
        Session.File("same/a.txt", "one");
        Session.File("other/a.txt", "two");
        Session.Run("$draft = New-Artifact a b | Add-ArtifactFile a.txt | Add-ArtifactFile same/a.txt");

        Session
            .Fail("Add-ArtifactFile other/a.txt -Artifact $draft")
            .AssertIs("ArtifactEntryConflict", ErrorCategory.ResourceExists, "other/a.txt", "a.txt", "-Force");
        Assert.Equal(["3"], Session.Texts("$draft.Size"));

        Session.File("other/a.txt", "three");
        Session.Run("Add-ArtifactFile other/a.txt -Artifact $draft -Force");
        Assert.Equal(["1", "5"], Session.Texts("$draft.FileCount; $draft.Size"));
    }

    [Fact]
    public void Publishes_what_the_file_held_when_it_was_added()
    {
        var file = Session.File("a.txt", "before");
        Session.Run("$draft = New-Artifact a b | Add-ArtifactFile a.txt");
        File.WriteAllText(file, "afterwards");

        Assert.Equal(["before"], Session.Texts("$draft | Publish-Artifact | Get-ArtifactContent -Path a.txt"));
    }

    [Fact]
    public void A_given_draft_is_written_only_with_PassThru()
    {
        Session.File("a.txt");

        Assert.Empty(Session.Run("$draft = New-Artifact a b; Add-ArtifactFile a.txt -Artifact $draft"));
        Assert.Equal(
            ["True"],
            Session.Texts("[object]::ReferenceEquals((Add-ArtifactFile a.txt -Artifact $draft -PassThru), $draft)")
        );
    }

    [Fact]
    public void Several_drafts_down_the_pipeline_all_get_the_file()
    {
        Session.File("a.txt");

        Assert.Equal(
            ["one:1", "two:1"],
            Session.Texts(
                "$(New-Artifact one t; New-Artifact two t) | Add-ArtifactFile a.txt | ForEach-Object { \"$($_.Name):$($_.FileCount)\" }"
            )
        );
    }

    [Fact]
    public void WhatIf_adds_nothing()
    {
        Session.File("a.txt");

        Assert.Equal(["0"], Session.Texts("(New-Artifact a b | Add-ArtifactFile a.txt -WhatIf).FileCount"));
        Assert.Contains("a.txt", Session.Host.TakeShown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_executable_bit()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no executable bit.");
#pragma warning disable CA1416 // Not on Windows.
        File.SetUnixFileMode(Session.File("run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        Session.File("data.txt");

        Assert.Equal(
            ["data.txt False", "run.sh True"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactFile * | Get-ArtifactEntry | ForEach-Object { \"$_ $($_.Executable)\" }"
            )
        );
    }

    [Fact]
    public void A_published_draft_takes_no_more_files()
    {
        Session.File("a.txt");
        Session.Run("$draft = New-Artifact model t; $null = $draft | Publish-Artifact");

        var error = Session.Fail("Add-ArtifactFile a.txt -Artifact $draft");

        Assert.Equal("ArtifactSpent", error.Id());
        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Contains("New-ArtifactDraft 'model'", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Notices_an_edit_of_the_same_size_whose_time_was_put_back()
    {
        var file = Session.File("a.txt", "before");
        Session.Run("New-Artifact a b | Add-ArtifactFile a.txt | Publish-Artifact");
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "after!");
        File.SetLastWriteTimeUtc(file, time);

        Session.Run("New-ArtifactDraft a | Add-ArtifactFile a.txt | Publish-Artifact");

        Assert.Equal(["after!"], Session.Texts("Get-ArtifactContent a a.txt"));
    }

    [Fact]
    public void Adds_an_empty_file()
    {
        Session.File("empty", "");

        var entry = Session.One("New-Artifact a b | Add-ArtifactFile empty | Get-ArtifactEntry");

        Assert.Equal(0, entry.Get<long>("Size"));
        Assert.Equal("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", entry.Text("Digest"));
    }
}

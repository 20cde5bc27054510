using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class AddArtifactDirectoryTests : SessionTests
{
    private const string ListPaths = " | Get-ArtifactEntry | ForEach-Object Path";

    [Fact]
    public void Adds_all_files_below_a_folder_in_the_order_of_their_paths()
    {
        foreach (
            var path in new[] { "data/b.txt", "data/a/deep/x.txt", "data/.hidden", "data/ü [1]/é.txt", "other.txt" }
        )
            Session.File(path);

        Assert.Equal(
            [".hidden", "a/deep/x.txt", "b.txt", "ü [1]/é.txt"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory data" + ListPaths)
        );
    }

    [Fact]
    public void Destination_puts_the_tree_below_a_folder_of_the_artifact()
    {
        Session.File("data/x/a.txt");

        Assert.Equal(
            ["in/here/x/a.txt", "there/x/a.txt"],
            Session.Texts(
                "New-Artifact a b | Add-ArtifactDirectory data -Destination in/here | "
                    + "Add-ArtifactDirectory data -Destination there/"
                    + ListPaths
            )
        );
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("/root")]
    [InlineData("a\\b")]
    [InlineData("a//b")]
    public void Refuses_a_destination_that_no_entry_can_have(string destination)
    {
        Session.File("data/a.txt");

        Session
            .Fail("New-Artifact a b | Add-ArtifactDirectory data -Destination $args[0]", destination)
            .AssertIs("InvalidEntryPath", ErrorCategory.InvalidArgument, destination, destination);
    }

    [Fact]
    public void Include_and_Exclude_choose_by_name_or_path_whatever_the_case()
    {
        foreach (var path in new[] { "t/a.csv", "t/b.CSV", "t/c.txt", "t/train/d.csv", "t/bin/e.csv", "t/x/bin/f.csv" })
            Session.File(path);

        Assert.Equal(
            ["a.csv", "b.CSV", "train/d.csv"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory t -Include *.csv -Exclude bin" + ListPaths)
        );
        Assert.Equal(
            ["train/d.csv"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory t -Include train/*" + ListPaths)
        );
        Assert.Equal(
            ["a.csv", "b.CSV", "c.txt", "train/d.csv", "x/bin/f.csv"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory t -Exclude bin/e.csv, nothing" + ListPaths)
        );
    }

    [Fact]
    public void Expands_wildcards_and_takes_brackets_literally_with_LiteralPath()
    {
        Session.File("set1/a.txt");
        Session.File("set2/b.txt");
        Session.File("set[12]/c.txt");

        Assert.Equal(["a.txt", "b.txt"], Session.Texts("New-Artifact a b | Add-ArtifactDirectory set[12]" + ListPaths));
        Assert.Equal(
            ["c.txt"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory -LiteralPath set[12]" + ListPaths)
        );
    }

    [Fact]
    public void Takes_folders_down_the_pipeline_for_a_given_draft()
    {
        Session.File("p/one/a.txt");
        Session.File("p/two/b.txt");

        Session.Run(
            "$draft = New-Artifact a b; [IO.DirectoryInfo]::new(\"$PWD/p\").GetDirectories() | Add-ArtifactDirectory -Artifact $draft"
        );

        Assert.Equal(["a.txt", "b.txt"], Session.Texts("$draft" + ListPaths));
    }

    [Fact]
    public void A_missing_folder_is_an_error_and_the_others_go_on()
    {
        Session.File("yes/a.txt");

        var output = Session.Try("New-Artifact a b | Add-ArtifactDirectory no, yes" + ListPaths);

        Assert.Equal(["a.txt"], output.Select(path => (string)path.BaseObject));
        Assert.Single(Session.Errors).AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, "no", "no");
    }

    [Fact]
    public void A_file_is_an_error_that_names_the_command_for_files()
    {
        Session.File("a.txt");

        Session
            .Fail("New-Artifact a b | Add-ArtifactDirectory a.txt")
            .AssertIs("FileUnreadable", ErrorCategory.ReadError, "a.txt", "Add-ArtifactFile");
    }

    [Fact]
    public void Follows_links_without_looping_and_tells_of_broken_ones()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var tree = Path.Combine(Session.Folder, "tree");
        Session.File("tree/sub/a.txt");
        Session.File("outside/o.txt");
        File.CreateSymbolicLink(Path.Combine(tree, "link.txt"), Path.Combine(tree, "sub", "a.txt"));
        Directory.CreateSymbolicLink(Path.Combine(tree, "out"), Path.Combine(Session.Folder, "outside"));
        Directory.CreateSymbolicLink(Path.Combine(tree, "sub", "loop"), tree);
        File.CreateSymbolicLink(Path.Combine(tree, "broken"), Path.Combine(tree, "nowhere"));

        var output = Session.Try("New-Artifact a b | Add-ArtifactDirectory tree" + ListPaths);

        Assert.Equal(["link.txt", "out/o.txt", "sub/a.txt"], output.Select(path => (string)path.BaseObject));
        Assert
            .Single(Session.Errors)
            .AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, Path.Combine(tree, "broken"), "broken");
    }

    [Fact]
    public void Leaves_out_the_store_itself()
    {
        Session.File("a.txt");

        Assert.Equal(
            ["a.txt"],
            Session.Texts(
                "$store = New-ArtifactStore ./inside; New-Artifact a b -Store ./inside | Add-ArtifactDirectory ."
                    + ListPaths
            )
        );
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error_and_the_others_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "No such permissions on Windows.");
        Assert.SkipWhen(Environment.UserName == "root", "The superuser reads everything.");
        Session.File("d/a.txt");
        var secret = Session.File("d/secret.txt");
#pragma warning disable CA1416 // Not on Windows.
        File.SetUnixFileMode(secret, UnixFileMode.None);
#pragma warning restore CA1416

        var output = Session.Try("New-Artifact a b | Add-ArtifactDirectory d" + ListPaths);

        Assert.Equal(["a.txt"], output.Select(path => (string)path.BaseObject));
        Assert
            .Single(Session.Errors)
            .AssertIs("FileAccessDenied", ErrorCategory.PermissionDenied, secret, "secret.txt");
    }

    [Fact]
    public void WhatIf_adds_nothing_and_PassThru_writes_a_given_draft()
    {
        Session.File("d/a.txt");
        Session.Run("$draft = New-Artifact a b");

        Assert.Equal(["0"], Session.Texts("(Add-ArtifactDirectory d -Artifact $draft -WhatIf -PassThru).FileCount"));
        Assert.Empty(Session.Run("Add-ArtifactDirectory d -Artifact $draft"));
        Assert.Equal(["1"], Session.Texts("(Add-ArtifactDirectory d -Artifact $draft -PassThru).FileCount"));
    }

    [Fact]
    public void Conflicts_are_errors_about_the_file_unless_forced()
    {
        Session.File("one/a.txt", "1");
        var other = Session.File("two/a.txt", "22");
        Session.Run("$draft = New-Artifact a b | Add-ArtifactDirectory one");

        Session
            .Fail("Add-ArtifactDirectory two -Artifact $draft")
            .AssertIs("ArtifactEntryConflict", ErrorCategory.ResourceExists, other, "-Force");
        Session.Run("Add-ArtifactDirectory two -Artifact $draft -Force");
        Assert.Equal(["2"], Session.Texts("$draft.Size"));
    }

    [Fact]
    public void An_ignore_file_leaves_out_what_it_lists_and_Verbose_says_by_which_line()
    {
        var ignore = Session.File("d/.artifactignore", "# scratch\n*.tmp\n/raw/\n");
        foreach (var path in new[] { "d/a.txt", "d/b.tmp", "d/raw/x", "d/sub/raw/y" })
            Session.File(path);

        Assert.Equal(
            [".artifactignore", "a.txt", "sub/raw/y"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory d -Verbose" + ListPaths)
        );
        Assert.Contains($"Left out 'b.tmp', because of line 2 of '{ignore}'.", Session.Verbose);
        Assert.Contains($"Left out 'raw/', because of line 3 of '{ignore}'.", Session.Verbose);
        Assert.Equal(
            [".artifactignore", "a.txt", "b.tmp", "raw/x", "sub/raw/y"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory d -NoIgnore" + ListPaths)
        );
    }

    [Fact]
    public void Ignore_files_and_Include_and_Exclude_go_together()
    {
        Session.File("d/.artifactignore", "secret.csv");
        foreach (var path in new[] { "d/a.csv", "d/secret.csv", "d/b.txt", "d/bin/c.csv" })
            Session.File(path);

        Assert.Equal(
            ["a.csv"],
            Session.Texts("New-Artifact a b | Add-ArtifactDirectory d -Include *.csv -Exclude bin" + ListPaths)
        );
    }

    [Fact]
    public void Nothing_is_added_of_a_folder_whose_ignore_file_cannot_be_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Session.File("d/a.txt");
        Session.File("d/sub/secret");
        var broken = Path.Combine(Session.Folder, "d", "sub", ".artifactignore");
        File.CreateSymbolicLink(broken, Path.Combine(Session.Folder, "nowhere"));

        var output = Session.Try("New-Artifact a b | Add-ArtifactDirectory d" + ListPaths);

        Assert.Equal(["a.txt"], output.Select(path => (string)path.BaseObject));
        Assert.Single(Session.Errors).AssertIs("FileNotFound", ErrorCategory.ObjectNotFound, broken, ".artifactignore");
    }

    [Fact]
    public void Verbose_tells_what_became_of_the_files_and_what_was_left_out()
    {
        Session.File("tree/a.txt", "one");
        Session.File("tree/b.txt", "two");
        Session.File("tree/raw/c.bin");
        Session.File("tree/d.log");
        const string Add =
            "New-Artifact m dataset | Add-ArtifactDirectory tree -Include *.txt -Exclude raw -Verbose | Publish-Artifact -Verbose";

        Session.Run(Add);
        Assert.Contains("Files added to m: 2 packed.", Session.Verbose);
        Assert.Contains("Left out 'raw', because of -Exclude.", Session.Verbose);
        Assert.Contains("Left out 'd.log', because of -Include.", Session.Verbose);

        // A file whose times have changed is read again.
        foreach (var file in new[] { "tree/a.txt", "tree/b.txt" })
            File.SetLastWriteTimeUtc(Path.Combine(Session.Folder, file), DateTime.UtcNow.AddHours(-1));
        Session.File("tree/e.txt", "two");
        Session.Run(Add);
        Assert.Contains("Files added to m: 3 stored already.", Session.Verbose);
    }
}

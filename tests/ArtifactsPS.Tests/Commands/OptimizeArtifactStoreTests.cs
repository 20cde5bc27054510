using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class OptimizeArtifactStoreTests : SessionTests
{
    public OptimizeArtifactStoreTests()
    {
        Session.PublishTexts("model", ("a.txt", "first"));
        Session.PublishTexts("model", ("a.txt", "second"));
        Session.PublishTexts("model", ("a.txt", "third"));
        Session.Run("Remove-Artifact model:v0");
    }

    [Fact]
    public void Deletes_what_nothing_needs_and_says_how_much()
    {
        var file = new FileInfo(Session.ObjectWith("first"u8));
        var length = file.Length;
        Assert.Empty(Session.Run("Optimize-ArtifactStore"));
        Age();

        var cleanup = Session.One("Optimize-ArtifactStore");

        Assert.Equal("Objects", cleanup.Text("Kind"));
        Assert.Equal(1, cleanup.Get<long>("Count"));
        Assert.Equal(length, cleanup.Get<long>("Bytes"));
        Assert.EndsWith(file.Name, Assert.Single(cleanup.Get<IEnumerable<string>>("Items")), StringComparison.Ordinal);
        Assert.Equal(Session.Store, cleanup.Text("Store"));
        Assert.False(File.Exists(file.FullName));
        Assert.Equal([true], Session.Run("Test-ArtifactStore -Full -Quiet").Select(value => value.BaseObject));
        Assert.Empty(Session.Run("Optimize-ArtifactStore"));
    }

    [Fact]
    public void A_short_grace_period_is_warned_about()
    {
        Assert.Single(Session.Run("Optimize-ArtifactStore -GracePeriod 0:00"));

        Assert.Contains("grace period", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Deletes_expired_versions_but_none_with_an_alias()
    {
        Session.Run(
            "Get-Artifact model -AllVersions | Set-Artifact -ExpiresAfter 0:01; Set-ArtifactAlias model:v1 prod"
        );
        Assert.Empty(Session.Run("Optimize-ArtifactStore"));
        Expire();

        Assert.Equal(["model:v2"], Session.One("Optimize-ArtifactStore").Get<IEnumerable<string>>("Items"));

        Assert.Equal(["model:v1"], Session.Texts("(Get-Artifact model -AllVersions).Reference"));
    }

    [Fact]
    public void WhatIf_shows_bytes_and_deletes_nothing()
    {
        Age();
        var before = Session.StoreFiles();
        Session.Host.Answers.Enqueue("&No");

        Assert.Empty(Session.Run("Optimize-ArtifactStore -WhatIf; Optimize-ArtifactStore -Confirm"));

        Assert.Contains(" B)", Assert.Single(Session.Host.Questions), StringComparison.Ordinal);
        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void A_damaged_store_is_not_cleaned_up()
    {
        Age();
        var before = Session.StoreFiles();
        File.Delete(Path.Combine(Session.Store, "artifacts/model/log/000000000002.json"));

        Session
            .Fail("Optimize-ArtifactStore")
            .AssertIs("StoreDamaged", ErrorCategory.InvalidData, Session.Store, "Test-ArtifactStore");

        Assert.Equal(before.Length - 1, Session.StoreFiles().Length);
    }

    [Fact]
    public void Repack_stores_anew_what_is_needed_of_a_pack()
    {
        Session.PublishTexts("other", ("big.txt", new string('x', 9000)), ("small.txt", "small"));
        Session.Run(
            "New-ArtifactDraft other | Remove-ArtifactEntry big.txt | Publish-Artifact | Out-Null; Remove-Artifact other:v0"
        );
        Age();

        Assert.Equal(["Objects", "RewrittenPacks"], Session.Texts("(Optimize-ArtifactStore -Repack).Kind").Order());

        Assert.Equal(["small"], Session.Texts("Get-ArtifactContent other small.txt"));
        Assert.Equal([true], Session.Run("Test-ArtifactStore -Full -Quiet").Select(value => value.BaseObject));
        Age();
        Session.Run("Optimize-ArtifactStore");
        Assert.Throws<InvalidOperationException>(() => Session.ObjectWith("xxxxxxxx"u8));
        Assert.Equal(["small"], Session.Texts("Get-ArtifactContent other small.txt"));
    }

    [Fact]
    public void A_number_is_no_grace_period() =>
        Session
            .Fail("Optimize-ArtifactStore -GracePeriod -1:00")
            .AssertIs("InvalidGracePeriod", ErrorCategory.InvalidArgument, Session.Store, "1.00:00:00");

    [Fact]
    public void Is_shown_as_a_table()
    {
        Age();

        Assert.Matches("Objects +1 +[0-9.]+ K?i?B", Session.Show("Optimize-ArtifactStore"));
    }

    private void Age()
    {
        foreach (var file in Session.StoreFiles())
        {
            var path = Path.Combine(Session.Store, file);
            File.SetAttributes(path, FileAttributes.Normal);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-2));
        }
    }

    // Nobody waits for a minute to pass: the transactions are written anew.
    private void Expire() =>
        Session.Run(
            """
            $log = "$($args[0])/artifacts/model/log"
            $previous = $null
            $files = [IO.Directory]::GetFiles($log)
            [Array]::Sort($files)
            foreach ($file in $files) {
                $text = [IO.File]::ReadAllText($file)
                $body = $text.Substring(84, $text.Length - 86) -replace '"expires":"[^"]*"', '"expires":"2020-01-01T00:00:00.000Z"'
                if ($previous) { $body = $body -replace '"previous":"[^"]*"', "`"previous`":`"$previous`"" }
                $hash = [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($body))
                $previous = [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
                [IO.File]::Delete($file)
                [IO.File]::WriteAllText($file, "{`"sha256`":`"$previous`",`"body`":$body}`n")
            }
            """,
            Session.Store
        );
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>New-, Register-, Unregister- and Get-ArtifactStore, and how commands find a store.</summary>
[Collection(AloneCollection.Name)]
public sealed class ArtifactStoreTests : SessionTests
{
    public ArtifactStoreTests() => Session.Run("$PSDefaultParameterValues.Clear()");

    [Fact]
    public void New_makes_a_store_and_leaves_one_that_is_there_as_it_is()
    {
        var made = Session.One("New-ArtifactStore './my [store]'");
        Session.Run("New-Artifact a b -Store './my [store]' | Publish-Artifact");
        var again = Session.One("New-ArtifactStore './my [store]'");

        Assert.Equal("ArtifactStore", made.TypeName());
        Assert.Equal(Path.Combine(Session.Folder, "my [store]"), made.Text("Location"));
        Assert.Matches("^[0-9a-f]{32}$", made.Text("Id"));
        Assert.Null(made.Text("Name"));
        Assert.False(made.Get<bool>("IsDefault"));
        Assert.Equal(made.Text("Id"), again.Text("Id"));
        Assert.Equal(0, made.Get<int>("Artifacts"));
        Assert.Equal(0, made.Get<long>("Objects"));
        Assert.Equal(
            new FileInfo(Path.Combine(Session.Folder, "my [store]", "store.json")).Length,
            made.Get<long>("Bytes")
        );
        Assert.Equal(1, again.Get<int>("Artifacts"));
        Assert.Equal(["a:v0"], Session.Texts("Get-Artifact -Store './my [store]'"));
    }

    [Fact]
    public void New_with_WhatIf_makes_nothing()
    {
        Assert.Empty(Session.Run("New-ArtifactStore ./made -WhatIf"));

        Assert.False(Directory.Exists(Path.Combine(Session.Folder, "made")));
    }

    [Fact]
    public void New_takes_several_down_the_pipeline_and_goes_on_after_one_that_cannot_be_made()
    {
        Session.File("file");

        var made = Session.Try("'one', 'file', 's3x://bucket', 'two' | New-ArtifactStore");

        Assert.Equal(
            [Path.Combine(Session.Folder, "one"), Path.Combine(Session.Folder, "two")],
            made.Select(store => store.Text("Location"))
        );
        Assert.Equal(["file", "s3x://bucket"], Session.Errors.Select(error => error.TargetObject));
        Assert.Equal(["StoreUnavailable", "InvalidStoreLocation"], Session.Errors.Select(error => error.Id()));
    }

    [Fact]
    public void Get_counts_what_is_in_it()
    {
        Session.Run(
            "$null = New-ArtifactStore ./s; New-Artifact a b -Store ./s | Add-ArtifactObject x.txt -InputObject hello | Publish-Artifact"
        );

        var store = Session.One("Get-ArtifactStore ./s");

        Assert.Equal("ArtifactStore", store.TypeName());
        Assert.Equal(1, store.Get<int>("Artifacts"));
        Assert.Equal(1, store.Get<long>("Objects"));
        var bytes = Directory
            .EnumerateFiles(Path.Combine(Session.Folder, "s"), "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length);
        Assert.Equal(bytes, store.Get<long>("Bytes"));
    }

    [Fact]
    public void Get_counts_no_artifact_that_was_deleted()
    {
        Session.Run(
            "$null = New-ArtifactStore ./s; $null = New-Artifact a b -Store ./s | Publish-Artifact; Remove-Artifact a -AllVersions -Store ./s"
        );

        Assert.Equal(0, Session.One("Get-ArtifactStore ./s").Get<int>("Artifacts"));
    }

    [Fact]
    public void Registered_stores_are_found_by_name_whatever_the_case()
    {
        using var names = new RegisteredNames(Session, "Team.Data");
        var registered = Session.One("Register-ArtifactStore Team.Data $args[0]", Session.Store);

        Assert.Equal("Team.Data", registered.Text("Name"));
        Assert.Equal(Session.Store, registered.Text("Location"));
        Assert.Equal(0, registered.Get<int>("Artifacts"));
        Session.Run("New-Artifact a b -Store team.data | Publish-Artifact");
        Assert.Equal(["a:v0"], Session.Texts("Get-Artifact -Store TEAM.DATA"));
        Assert.Equal(["Team.Data"], Session.Texts("Get-ArtifactStore team* | ForEach-Object Name"));
        Assert.Equal(["Team.Data"], Session.Texts("Get-ArtifactStore team.data | ForEach-Object Name"));
    }

    [Fact]
    public void Registering_where_there_is_no_store_is_an_error_and_remembers_nothing()
    {
        Session
            .Fail("Register-ArtifactStore nothing ./nowhere")
            .AssertIs("StoreNotFound", ErrorCategory.ObjectNotFound, "nothing", "nowhere", "New-ArtifactStore");
        Assert.Empty(Session.Run("Get-ArtifactStore nothing*"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData("x.")]
    [InlineData("s3://bucket")]
    public void Refuses_names_that_could_be_locations(string name) =>
        Session
            .Fail("Register-ArtifactStore -Name $args[0] -Location $args[1]", name, Session.Store)
            .AssertIs("InvalidStoreName", ErrorCategory.InvalidArgument, name, name);

    [Fact]
    public void Unregistering_forgets_the_name_and_not_the_store()
    {
        Session.Run("$null = Register-ArtifactStore short $args[0]", Session.Store);

        Assert.Empty(Session.Run("Unregister-ArtifactStore short"));

        Assert.Empty(Session.Run("Get-ArtifactStore short*"));
        Assert.Single(Session.Run("Get-ArtifactStore $args[0]", Session.Store));
        Session
            .Fail("Unregister-ArtifactStore short")
            .AssertIs("StoreNotRegistered", ErrorCategory.ObjectNotFound, "short", "short", "Get-ArtifactStore");
    }

    [Fact]
    public void WhatIf_registers_and_unregisters_nothing()
    {
        using var names = new RegisteredNames(Session, "kept");
        Session.Run(
            "$null = Register-ArtifactStore kept $args[0]; Register-ArtifactStore other $args[0] -WhatIf",
            Session.Store
        );
        Session.Run("Unregister-ArtifactStore kept -WhatIf");

        Assert.Equal(["kept"], Session.Texts("Get-ArtifactStore * | ForEach-Object Name"));
    }

    [Fact]
    public void The_default_is_the_registered_one_then_that_of_the_environment_then_the_users_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The folder of a Windows user can't be moved for a test.");
        using var names = new RegisteredNames(Session, "first");
        var users = Path.Combine(Suite.UserFolder, "data", "ArtifactStore");
        Session.Run(
            "$null = New-ArtifactStore ./second; $null = Register-ArtifactStore first $args[0] -Default",
            Session.Store
        );
        try
        {
            Environment.SetEnvironmentVariable("ARTIFACTS_STORE", Path.Combine(Session.Folder, "second"));

            Assert.Equal(Session.Store, Session.One("New-Artifact a b").Text("Store"));
            Assert.True(Session.One("Get-ArtifactStore first").Get<bool>("IsDefault"));

            Session.Run("Unregister-ArtifactStore first");
            Assert.Equal(Path.Combine(Session.Folder, "second"), Session.One("New-Artifact a b").Text("Store"));
            Assert.True(Session.One("Get-ArtifactStore").Get<bool>("IsDefault"));

            Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
            Assert.False(Directory.Exists(users));
            Assert.Equal(users, Session.One("New-Artifact a b | Publish-Artifact").Text("Store"));
            Assert.True(File.Exists(Path.Combine(users, "store.json")));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
            TempFolder.Delete(users);
        }
    }

    [Fact]
    public void A_store_of_the_environment_that_is_not_there_is_an_error()
    {
        try
        {
            Environment.SetEnvironmentVariable("ARTIFACTS_STORE", Path.Combine(Session.Folder, "nowhere"));

            Session
                .Fail("New-Artifact a b")
                .AssertIs("StoreNotFound", ErrorCategory.ObjectNotFound, "a", "nowhere", "New-ArtifactStore");
        }
        finally
        {
            Environment.SetEnvironmentVariable("ARTIFACTS_STORE", null);
        }
    }

    [Fact]
    public void Get_lists_a_registered_store_that_is_gone_with_a_warning()
    {
        using var names = new RegisteredNames(Session, "gone");
        Session.Run("$null = New-ArtifactStore ./s; $null = Register-ArtifactStore gone ./s");
        TempFolder.Delete(Path.Combine(Session.Folder, "s"));

        var store = Session.One("Get-ArtifactStore g*");

        Assert.Equal("gone", store.Text("Name"));
        Assert.Null(store.Text("Id"));
        Assert.Contains("New-ArtifactStore", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_a_later_format_is_not_touched()
    {
        Session.Run("$null = New-ArtifactStore ./s");
        var record = Path.Combine(Session.Folder, "s", "store.json");
        var body = JsonDocument.Parse(File.ReadAllText(record)).RootElement.GetProperty("body").GetRawText();
        body = body.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        File.Delete(record);
        File.WriteAllText(record, $"{{\"sha256\":\"{digest}\",\"body\":{body}}}\n");

        Session
            .Fail("Get-Artifact x -Store ./s")
            .AssertIs("StoreFormatNotSupported", ErrorCategory.NotImplemented, "x", "format is 2", "Update the module");
    }

    /// <summary>Takes back what a test registers, which all sessions of the process see.</summary>
    private sealed class RegisteredNames(PowerShellSession session, params string[] names) : IDisposable
    {
        public void Dispose() => session.Try("Unregister-ArtifactStore $args -ErrorAction Ignore", [.. names]);
    }
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class RepairArtifactStoreTests : SessionTests
{
    public RepairArtifactStoreTests()
    {
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "right"));
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "changed"));
    }

    [Fact]
    public void Does_nothing_where_all_is_right()
    {
        var before = Session.StoreFiles();

        Assert.Empty(Session.Run("Repair-ArtifactStore -Full"));

        Assert.Equal(before, Session.StoreFiles());
    }

    [Fact]
    public void Warns_of_what_it_can_do_nothing_about()
    {
        File.Delete(Path.Combine(Session.Store, "artifacts/model/log/000000000001.json"));

        Assert.Empty(Session.Run("Repair-ArtifactStore"));

        Assert.Contains("Transaction 1 of 'model'", Assert.Single(Session.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_a_store_whose_record_is_damaged()
    {
        var record = Path.Combine(Session.Store, "store.json");
        File.Delete(record);
        File.WriteAllText(record, "{}");

        Assert.Equal("StoreRecordDamaged", Session.One("Test-ArtifactStore").Text("Kind"));

        Assert.Equal("store.json", Session.One("Repair-ArtifactStore").Text("Key"));
        Assert.Empty(Session.Run("Test-ArtifactStore -Full"));
        Assert.Equal(["model:v1"], Session.Texts("(Get-Artifact model).Reference"));
    }

    [Fact]
    public void Repair_keeps_what_is_whole_and_adding_the_files_again_heals()
    {
        Session.DamageObject("to be damaged"u8);

        Session.Run("$repaired = Repair-ArtifactStore -Full");

        Assert.Equal(["ObjectDamaged"], Session.Texts("$repaired.Kind"));
        Assert.Equal(["right"], Session.Texts("Get-ArtifactContent model:v0 b.txt"));
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "right"));
        Assert.Empty(Session.Run("Test-ArtifactStore -Full"));
        Assert.Equal(["to be damaged"], Session.Texts("Get-ArtifactContent model:v1 a.txt"));
        Assert.Contains(
            "relocated v0",
            string.Join(' ', Session.Texts("(Get-ArtifactHistory model).Actions")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIf_and_No_repair_nothing()
    {
        Session.DamageObject("to be damaged"u8);
        var before = Session.StoreFiles();
        Session.Host.Answers.Enqueue("&No");

        Session.Run("Repair-ArtifactStore -Full -WhatIf; Repair-ArtifactStore -Full -Confirm");

        Assert.Single(Session.Host.Questions);
        Assert.Equal(before, Session.StoreFiles());
    }
}

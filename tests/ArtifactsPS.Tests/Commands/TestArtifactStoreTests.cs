using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class TestArtifactStoreTests : SessionTests
{
    public TestArtifactStoreTests()
    {
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "right"));
        Session.PublishTexts("model", ("a.txt", "to be damaged"), ("b.txt", "changed"));
        Session.PublishTexts("other", ("c.txt", "not touched"));
    }

    [Fact]
    public void Writes_nothing_where_all_is_right()
    {
        Assert.Empty(Session.Run("Test-ArtifactStore"));
        Assert.Empty(Session.Run("Test-ArtifactStore -Full"));
        Assert.Equal([true], Session.Run("Test-ArtifactStore -Full -Quiet").Select(value => value.BaseObject));
    }

    [Fact]
    public void Writes_a_problem_that_names_versions_and_paths_and_says_what_to_do()
    {
        Session.DamageObject("to be damaged"u8);

        Assert.Empty(Session.Run("Test-ArtifactStore"));
        var problem = Session.One("Test-ArtifactStore -Full");

        Assert.Equal("StoreProblem", problem.TypeName().Split('.')[^1]);
        Assert.Equal("Error", problem.Text("Severity"));
        Assert.Equal("ObjectDamaged", problem.Text("Kind"));
        Assert.Matches("^objects/../[0-9a-f]{64}$", problem.Text("Key"));
        Assert.Equal(["model:v0", "model:v1"], problem.Get<IEnumerable<string>>("Versions"));
        Assert.Equal(["a.txt"], problem.Get<IEnumerable<string>>("Paths"));
        Assert.Equal(1, problem.Get<long>("PathCount"));
        Assert.Contains("Repair-ArtifactStore", problem.Text("Remedy"), StringComparison.Ordinal);
        Assert.Equal(Session.Store, problem.Text("Store"));
        Assert.Equal([false], Session.Run("Test-ArtifactStore -Full -Quiet").Select(value => value.BaseObject));
    }

    [Fact]
    public void Finds_a_missing_object_without_reading_any()
    {
        File.Delete(Session.ObjectWith("not touched"u8));

        var problem = Session.One("Test-ArtifactStore");

        Assert.Equal("ObjectMissing", problem.Text("Kind"));
        Assert.Equal(["other:v0"], problem.Get<IEnumerable<string>>("Versions"));
    }

    [Fact]
    public void Takes_stores_from_the_pipeline_and_goes_on_after_one_that_is_not_there()
    {
        Session.Run("$PSDefaultParameterValues.Clear()");

        var output = Session.Try("'nowhere', $args[0] | Test-ArtifactStore -Quiet", Session.Store);
        Assert.Equal([true], output.Select(value => value.BaseObject));
        Assert
            .Single(Session.Errors)
            .AssertIs("StoreNotFound", ErrorCategory.ObjectNotFound, "nowhere", "New-ArtifactStore");
        Assert.Equal(
            [true],
            Session
                .Run("Get-ArtifactStore $args[0] | Test-ArtifactStore -Quiet", Session.Store)
                .Select(v => v.BaseObject)
        );
    }

    [Fact]
    public void Is_shown_as_a_table()
    {
        Session.DamageObject("to be damaged"u8);

        Assert.Matches("Error +ObjectDamaged +model:v0, model:v1", Session.Show("Test-ArtifactStore -Full"));
    }
}

using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

public sealed class GetArtifactHistoryTests : SessionTests
{
    [Fact]
    public void Writes_who_did_what_in_order()
    {
        Session.Publish("Model", "0");
        Session.Publish("model", "1");
        Session.Run(
            "Set-ArtifactAlias model:v0 prod; Set-Artifact model -AddTag x; Remove-ArtifactAlias model prod; Remove-Artifact model:v0"
        );

        var history = Session.Run("Get-ArtifactHistory model");

        Assert.All(history, transaction => Assert.Equal("ArtifactTransaction", transaction.TypeName()));
        Assert.Equal([1L, 2, 3, 4, 5, 6], history.Select(transaction => transaction.Get<long>("Number")));
        Assert.All(history, transaction => Assert.Equal("Model", transaction.Text("Artifact")));
        Assert.All(
            history,
            transaction => Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", transaction.Text("By"))
        );
        Assert.All(
            history,
            transaction =>
                Assert.InRange(transaction.Get<DateTime>("At"), DateTime.Now.AddMinutes(-5), DateTime.Now.AddMinutes(1))
        );
        var actions = history.Select(transaction => string.Join("; ", transaction.Get<string[]>("Actions"))).ToArray();
        Assert.Contains("published v0", actions[0], StringComparison.Ordinal);
        Assert.Contains("published v1", actions[1], StringComparison.Ordinal);
        Assert.Contains("alias prod -> v0", actions[2], StringComparison.Ordinal);
        Assert.Contains("x", actions[3], StringComparison.Ordinal);
        Assert.Contains("removed alias prod", actions[4], StringComparison.Ordinal);
        Assert.Contains("deleted v0", actions[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_version_writes_only_what_concerns_it_even_once_it_is_deleted()
    {
        Session.Publish("model", "0");
        Session.Publish("model", "1");
        Session.Run("Remove-Artifact model:v0");

        Assert.Equal(["1", "3"], Session.Texts("Get-ArtifactHistory model:v0 | ForEach-Object Number"));
        Assert.Equal(["2"], Session.Texts("Get-Artifact model | Get-ArtifactHistory | ForEach-Object Number"));
    }

    [Fact]
    public void Goes_on_over_more_transactions_than_one_checkpoint_spans()
    {
        Session.Publish("model", "0");
        Session.Run("foreach ($i in 1..70) { Set-ArtifactAlias model \"a$i\" }");

        Assert.Equal(
            Enumerable.Range(1, 71).Select(number => $"{number}"),
            Session.Texts("Get-ArtifactHistory model | ForEach-Object Number")
        );
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_and_the_others_go_on()
    {
        Session.Publish("model", "0");

        var output = Session.Try("'nosuch', 'model' | Get-ArtifactHistory");

        Assert.Single(output);
        Assert
            .Single(Session.Errors)
            .AssertIs("ArtifactNotFound", ErrorCategory.ObjectNotFound, "nosuch", "nosuch", "Get-Artifact");
    }
}

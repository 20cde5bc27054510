namespace ArtifactsPS.Core.Attestations.Evidence;

/// <summary>What a CI service says about the job that this process belongs to.</summary>
/// <param name="Builder">URI of the service, as the builder of a provenance.</param>
/// <param name="Invocation">URL of the job; null where it is unknown.</param>
/// <param name="Repository">URL of the repository, without a user; null where it is unknown.</param>
/// <param name="Commit">Id of the commit; null where it is unknown.</param>
/// <param name="Reference">Branch or tag; null where it is unknown.</param>
/// <param name="Actor">User who started the job; null where it is unknown.</param>
internal sealed record BuildService(
    string Builder,
    string? Invocation,
    string? Repository,
    string? Commit,
    string? Reference,
    string? Actor
)
{
    /// <summary>Reads the variables of GitHub, Azure Pipelines, GitLab and Jenkins.</summary>
    /// <param name="variable">Returns an environment variable; null if it isn't set.</param>
    /// <returns>Null outside of these services.</returns>
    public static BuildService? Detect(Func<string, string?> variable)
    {
        if (IsTrue("GITHUB_ACTIONS"))
        {
            var server = Get("GITHUB_SERVER_URL") ?? "https://github.com";
            var repository = Get("GITHUB_REPOSITORY") is { } name ? $"{server}/{name}" : null;
            var run = Get("GITHUB_RUN_ID");
            var attempt = Get("GITHUB_RUN_ATTEMPT") ?? "1";
            return new BuildService(
                $"{server}/actions/runner",
                repository is null || run is null ? null : $"{repository}/actions/runs/{run}/attempts/{attempt}",
                repository,
                Get("GITHUB_SHA"),
                Get("GITHUB_REF"),
                Get("GITHUB_ACTOR")
            );
        }
        if (IsTrue("TF_BUILD"))
        {
            var server =
                Get("SYSTEM_COLLECTIONURI") ?? Get("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI") ?? "https://dev.azure.com/";
            var project = Get("SYSTEM_TEAMPROJECT") is { } name ? Uri.EscapeDataString(name) : null;
            var build = Get("BUILD_BUILDID");
            return new BuildService(
                WithoutUser(server)!,
                project is null || build is null
                    ? null
                    : $"{WithoutUser(server)!.TrimEnd('/')}/{project}/_build/results?buildId={build}",
                WithoutUser(Get("BUILD_REPOSITORY_URI")),
                Get("BUILD_SOURCEVERSION"),
                Get("BUILD_SOURCEBRANCH"),
                Get("BUILD_REQUESTEDFOR")
            );
        }
        if (IsTrue("GITLAB_CI"))
            return new BuildService(
                Get("CI_SERVER_URL") ?? "https://gitlab.com",
                Get("CI_JOB_URL") ?? Get("CI_PIPELINE_URL"),
                WithoutUser(Get("CI_PROJECT_URL")),
                Get("CI_COMMIT_SHA"),
                Get("CI_COMMIT_REF_NAME"),
                Get("GITLAB_USER_LOGIN")
            );
        if (Get("JENKINS_URL") is { } jenkins)
            return new BuildService(
                WithoutUser(jenkins)!,
                WithoutUser(Get("BUILD_URL")),
                WithoutUser(Get("GIT_URL")),
                Get("GIT_COMMIT"),
                Get("GIT_BRANCH"),
                Get("BUILD_USER_ID") ?? Get("CHANGE_AUTHOR")
            );
        return null;

        string? Get(string name) => variable(name) is { Length: > 0 } value ? value : null;

        bool IsTrue(string name) => string.Equals(Get(name), "true", StringComparison.OrdinalIgnoreCase);
    }

    // The URLs of some services contain a token.
    private static string? WithoutUser(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString()
            : url;
}

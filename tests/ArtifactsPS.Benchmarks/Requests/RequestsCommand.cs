using System.CommandLine;

namespace ArtifactsPS.Benchmarks.Requests;

/// <summary><c>requests FOLDER</c>: counts the requests that common commands send to a bucket.</summary>
internal static class RequestsCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Folder to publish." };
        var versions = new Option<int>("--versions")
        {
            Description = "Number of versions of the artifact that is looked up.",
            DefaultValueFactory = _ => 10_000,
        };
        var command = new Command("requests", "Counts the requests that common commands send to a bucket.")
        {
            folder,
            versions,
        };
        command.SetAction(
            async (parsed, token) =>
            {
                using var run = new RequestsRun(parsed.GetRequiredValue(folder).FullName);
                await run.MeasureAsync(parsed.GetValue(versions), token).ConfigureAwait(false);
                return 0;
            }
        );
        return command;
    }
}

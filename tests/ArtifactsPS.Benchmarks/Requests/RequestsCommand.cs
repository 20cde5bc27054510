using System.CommandLine;

namespace ArtifactsPS.Benchmarks.Requests;

/// <summary><c>requests FOLDER</c>: what the usual commands ask of a bucket.</summary>
internal static class RequestsCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "The files that are published." };
        var versions = new Option<int>("--versions")
        {
            Description = "How many versions the artifact has that is looked up.",
            DefaultValueFactory = _ => 10_000,
        };
        var command = new Command("requests", "Counts the requests of the usual commands on a bucket.")
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

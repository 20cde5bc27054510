using System.CommandLine;
using ArtifactsPS.Core.FileSystem;

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
                var cache = Directory.CreateTempSubdirectory("artifacts-cache-");
                Environment.SetEnvironmentVariable(CacheFolder.Variable, cache.FullName);
                using (var run = new RequestsRun(parsed.GetRequiredValue(folder).FullName, Console.Out))
                {
                    await run.MeasureFilesAsync(token).ConfigureAwait(false);
                    await run.MeasureVersionsAsync(parsed.GetValue(versions), token).ConfigureAwait(false);
                }
                cache.Delete(recursive: true);
                return 0;
            }
        );
        return command;
    }
}

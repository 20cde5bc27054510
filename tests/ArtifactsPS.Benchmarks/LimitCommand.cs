using System.CommandLine;

namespace ArtifactsPS.Benchmarks;

/// <summary><c>limit FOLDER [--target FOLDER]</c></summary>
internal static class LimitCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Folder to read and hash." };
        var target = new Option<DirectoryInfo?>("--target")
        {
            Description = "Folder that receives the bytes, in one file per core. Default: the bytes are only hashed.",
        };
        var command = new Command(
            "limit",
            "Reads, hashes and writes the files of a folder without any structure: a lower bound."
        )
        {
            folder,
            target,
        };
        command.SetAction(parsed =>
            Console.WriteLine(
                new Limit(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(target)?.FullName).Run()
            )
        );
        return command;
    }
}

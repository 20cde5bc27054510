using System.CommandLine;

namespace ArtifactsPS.Benchmarks;

/// <summary><c>limit FOLDER [--target FOLDER]</c></summary>
internal static class LimitCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "What is read and hashed." };
        var target = new Option<DirectoryInfo?>("--target")
        {
            Description = "Where the bytes are written, a file for each core; nowhere if left out.",
        };
        var command = new Command(
            "limit",
            "Reads, hashes and writes the files of a folder, with no structure: the floor."
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

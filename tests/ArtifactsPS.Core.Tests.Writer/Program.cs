using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Writer;
using ArtifactsPS.Core.Tests.Writer.Crowd;
using ArtifactsPS.Core.Values;

// Arguments: command, store location, artifact, then options as key=value or key. The program prints "ready", waits for a line on
// standard input, runs the command and prints the result. Its exit code is 0, or 3 with the exception's type after an error, or 4 after
// Ctrl+C.
var options = args.Skip(3).Select(item => item.Split('=', 2)).ToDictionary(item => item[0], item => item[^1]);
var objects = new LethalObjectStore(StoreLocation.Open(args[1]), NumberOf("kill"), options.ContainsKey("changes"));
var pausing = new PausingObjectStore(objects, TextOf("pause"));
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
    Console.WriteLine("stopping");
};
var writer = new WriterCommands(
    pausing,
    args[2],
    TextOf("id") ?? "",
    TextOf("contributor") ?? "",
    TextOf("run") is { } run ? RunId.Parse(run) : null,
    stop.Token
);
Console.WriteLine("ready");
Console.ReadLine();
try
{
    Console.WriteLine(
        args[0] switch
        {
            "publish" => await writer.PublishAsync(FilesOf("files")),
            "create" => await writer.CreateAsync(FilesOf("files")),
            "contribute" => await writer.ContributeAsync(FilesOf("files")),
            "alias" => await writer.SetAliasAsync(TextOf("version")!, TextOf("alias")!),
            "race" => await new AliasRacer(pausing, args[2], options.ContainsKey("rules")).RunAsync(
                NumberOf("rounds")!.Value
            ),
            "set" => await writer.DescribeAsync(TextOf("version")!, TextOf("description")!),
            "delete" => await writer.DeleteAsync(TextOf("version")!),
            "optimize" => await writer.OptimizeAsync(options.ContainsKey("repack"), TextOf("grace")),
            "restore" => await writer.RestoreAsync(TextOf("version")!, TextOf("destination")!),
            "crowd" => await RunCrowdMemberAsync(),
            "complete" => await writer.CompleteAsync(options.ContainsKey("files") ? FilesOf("files") : null),
            _ => throw new ArgumentException($"Unknown command '{args[0]}'.", nameof(args)),
        }
    );
    Console.WriteLine(FormattableString.Invariant($"peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB"));
    return 0;
}
catch (ArtifactsException e)
{
    Console.WriteLine(e.GetType().Name);
    Console.Error.WriteLine(args[0] == "crowd" ? e.ToString() : e.Message);
    return 3;
}
catch (OperationCanceledException)
{
    Console.WriteLine("cancelled");
    return 4;
}

async Task<string> RunCrowdMemberAsync()
{
    var folder = new FolderObjectStore(args[1]);
    await using var log = new StreamWriter(TextOf("log")!);
    var time = new CrowdTime(TextOf("time")!);
    var member = CrowdMember.Of(args[2], folder, time, NumberOf("seed")!.Value, log);
    return await member.RunAsync(DateTime.UtcNow.AddSeconds(NumberOf("seconds")!.Value));
}

string? TextOf(string name) => options.GetValueOrDefault(name);

int? NumberOf(string name) => TextOf(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

// Parses files given as a.txt:text,b.txt:another.
List<(string Path, string Text)> FilesOf(string name) =>
    [.. (TextOf(name) ?? "").Split(',').Select(item => item.Split(':')).Select(item => (item[0], item[1]))];

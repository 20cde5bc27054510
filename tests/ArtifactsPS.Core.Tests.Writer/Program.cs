using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Writer;
using ArtifactsPS.Core.Tests.Writer.Crowd;
using ArtifactsPS.Core.Values;

// Arguments: what to do, the store's location, the artifact, and key=value, or a key alone, for the rest. Says "ready" once it has begun, and
// goes on when a line comes in. Writes what came of it, and ends with 0; with 3 and the error's kind if there was one.
var given = args.Skip(3).Select(item => item.Split('=', 2)).ToDictionary(item => item[0], item => item[^1]);
var objects = new LethalObjectStore(StoreLocation.Open(args[1]), NumberOf("kill"), given.ContainsKey("changes"));
var writer = new WriterCommands(objects, args[2], TextOf("id") ?? "", TextOf("contributor") ?? "", TextOf("run"));
Console.WriteLine("ready");
Console.ReadLine();
try
{
    Console.WriteLine(
        args[0] switch
        {
            "publish" => await writer.PublishAsync(FilesOf("files")),
            "contribute" => await writer.ContributeAsync(FilesOf("files")),
            "alias" => await writer.SetAliasAsync(TextOf("version")!, TextOf("alias")!),
            "set" => await writer.DescribeAsync(TextOf("version")!, TextOf("description")!),
            "delete" => await writer.DeleteAsync(TextOf("version")!),
            "optimize" => await writer.OptimizeAsync(given.ContainsKey("repack")),
            "restore" => await writer.RestoreAsync(TextOf("version")!, TextOf("destination")!),
            "crowd" => await JoinCrowdAsync(),
            "complete" => await writer.CompleteAsync(given.ContainsKey("files") ? FilesOf("files") : null),
            _ => throw new ArgumentException($"'{args[0]}' is nothing to do.", nameof(args)),
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

async Task<string> JoinCrowdAsync()
{
    var folder = new FolderObjectStore(args[1]);
    await using var log = new StreamWriter(TextOf("log")!);
    var time = new CrowdTime(TextOf("time")!);
    var member = CrowdMember.Of(args[2], folder, time, NumberOf("seed")!.Value, log);
    return await member.RunAsync(DateTime.UtcNow.AddSeconds(NumberOf("seconds")!.Value));
}

string? TextOf(string name) => given.GetValueOrDefault(name);

int? NumberOf(string name) => TextOf(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

// a.txt:text,b.txt:another
List<(string Path, string Text)> FilesOf(string name) =>
    [.. (TextOf(name) ?? "").Split(',').Select(item => item.Split(':')).Select(item => (item[0], item[1]))];

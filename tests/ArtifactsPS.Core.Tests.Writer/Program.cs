using System.Diagnostics;
using System.Globalization;
using ArtifactsPS;
using ArtifactsPS.Tests;

// Arguments: what to do, the store's location, the artifact, and key=value for the rest. Says "ready" once it has begun, and
// goes on when a line comes in. Writes what came of it, and ends with 0; with 3 and the error's kind if there was one.
var given = args.Skip(3).Select(item => item.Split('=', 2)).ToDictionary(item => item[0], item => item[1]);
var objects = new LethalObjectStore(StoreLocation.Open(args[1]), NumberOf("kill"));
var writer = new Writer(objects, args[2], TextOf("id") ?? "", TextOf("contributor") ?? "", TextOf("run"));
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
    Console.Error.WriteLine(e.Message);
    return 3;
}

string? TextOf(string name) => given.GetValueOrDefault(name);

int? NumberOf(string name) => TextOf(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

// a.txt:text,b.txt:another
List<(string Path, string Text)> FilesOf(string name) =>
    [.. (TextOf(name) ?? "").Split(',').Select(item => item.Split(':')).Select(item => (item[0], item[1]))];

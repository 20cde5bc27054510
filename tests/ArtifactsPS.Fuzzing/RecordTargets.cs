using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Transfer.Archives;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Fuzzing;

/// <summary>A manifest page.</summary>
internal sealed class PageTarget : FuzzTarget
{
    private static readonly StoredObject Self = new StoredObject(Samples.DigestOf('0'));

    public override IEnumerable<byte[]> Seeds()
    {
        var other = new StoredObject(Samples.DigestOf('1'));
        ManifestEntry[] entries =
        [
            ManifestEntry.File(EntryPath.Parse("a"), Blob('2', Self, 0), executable: false),
            ManifestEntry.File(EntryPath.Parse("b/c"), Blob('3', other, 7), executable: true),
            ManifestEntry.File(
                EntryPath.Parse("c"),
                new Blob(Samples.DigestOf('5'), 10, new BlobLocation(other, 17, BlobEncoding.Zstandard, 9)),
                executable: false
            ),
            ManifestEntry.Reference(EntryPath.Parse("d"), "https://example.org/d", Samples.DigestOf('4'), 12),
        ];
        yield return PageFormat.Encode(new ManifestPage(0, entries), Self).ToArray();
        yield return PageFormat.Encode(new ManifestPage(1, [Samples.Root('5')]), Self).ToArray();
        yield return PageFormat.Encode(new ManifestPage(0, []), Self).ToArray();
    }

    protected override void Process(byte[] input)
    {
        var page = PageFormat.Decode(input, Self);
        for (var i = 0; i < page.Items.Count; i++)
            if (page.IndexAtOrBefore(page.Items[i].Key) != i)
                throw new InvalidOperationException("The page doesn't find one of its own items.");
        var copy = PageFormat.Decode(PageFormat.Encode(page, Self).ToArray(), Self);
        if (!copy.Items.Select(item => item.Key).SequenceEqual(page.Items.Select(item => item.Key)))
            throw new InvalidOperationException("The page changes when it is written and read again.");
    }

    private static Blob Blob(char digest, StoredObject handle, long offset) =>
        new(Samples.DigestOf(digest), 10, new BlobLocation(handle, offset));
}

/// <summary>A run record: its start, and its end on a second line.</summary>
internal sealed class RunTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        var run = new RunRecord
        {
            Id = RunId.Parse("run-1"),
            Name = "train",
            Group = "all",
            JobType = "fit",
            Config = new JObject { ["rate"] = 0.1, ["layers"] = new JArray(1, 2) },
            User = "me",
            Machine = "here",
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = DateTimeOffset.UnixEpoch.AddHours(1),
            Ending = new RunEnding(RunOutcome.Failed, "no") { ExitCode = -1, Errors = ["first", "second"] },
        };
        yield return Encoding.UTF8.GetBytes(
            run.StartToJson().ToString(Newtonsoft.Json.Formatting.None)
                + "\n"
                + run.EndToJson().ToString(Newtonsoft.Json.Formatting.None)
        );
    }

    protected override void Process(byte[] input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n', 2);
        var end = lines.Length > 1 ? SealedRecord.Parse(lines[1]) : null;
        if (end is not null)
            RunRecord.CheckEnd(end);
        var run = RunRecord.FromJson(SealedRecord.Parse(lines[0]), end);
        RunRecord.FromJson(run.StartToJson(), end);
    }
}

/// <summary>The manifest of an archive.</summary>
internal sealed class ArchiveTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        var digest = Samples.DigestOf('1').Hex;
        yield return Encoding.UTF8.GetBytes(
            $$"""
            {"format":1,"name":"m","type":"data","digest":"{{digest}}","description":"text","tags":["a"],"metadata":{"x":1.5},
            "entries":[{"path":"a","sha256":"{{digest}}","size":3,"executable":true},
            {"path":"b/c","uri":"https://example.org/d","sha256":"{{digest}}","size":3}]}
            """
        );
    }

    protected override void Process(byte[] input)
    {
        using var reader = new ArchiveManifestReader(new MemoryStream(input));
        reader.ReadAsync(default).GetAwaiter().GetResult();
        while (reader.NextEntryAsync(default).GetAwaiter().GetResult() is not null) { }
    }

    protected override bool IsExpected(Exception e) =>
        e is InvalidDataException or InvalidReferenceException or Newtonsoft.Json.JsonException;
}

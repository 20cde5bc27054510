using ArtifactsPS.Core.Values;
using ArtifactsPS.Fuzzing;
using SharpFuzz;

// `seeds <target> <folder>` writes inputs to begin with; `try <target> <file>…` tries some; `<target>` is what AFL++ runs.
switch (args)
{
    case ["seeds", var name, var folder]:
        Directory.CreateDirectory(folder);
        foreach (var (seed, i) in FuzzTarget.Of(name).Seeds().Select((seed, i) => (seed, i)))
            File.WriteAllBytes(Path.Combine(folder, $"{i:D2}"), seed);
        return 0;
    case ["try", var name, .. var files]:
        var target = FuzzTarget.Of(name);
        foreach (var file in files)
            Console.WriteLine($"{file}: {target.Try(File.ReadAllBytes(file)) ?? "accepted"}");
        return 0;
    case [var name]:
        // Not before the fuzzer says where coverage is to be counted.
        FuzzTarget? fuzzed = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            fuzzed ??= FuzzTarget.Of(name);
            fuzzed.Try(bytes.ToArray());
        });
        return 0;
    default:
        Console.Error.WriteLine(
            $"seeds <target> <folder> | try <target> <file>… | <target>, which is one of {string.Join(", ", FuzzTarget.Names)}"
        );
        return 2;
}

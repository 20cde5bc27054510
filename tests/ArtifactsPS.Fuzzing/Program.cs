using ArtifactsPS.Core.Values;
using ArtifactsPS.Fuzzing;
using SharpFuzz;

// `seeds <target> <folder>` creates seed inputs; `try <target> <file>…` runs a target on files; AFL++ runs `<target>`.
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
        // Created late: code must not run before the fuzzer has set up coverage.
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
            $"Use: seeds <target> <folder> | try <target> <file>… | <target>. Targets: {string.Join(", ", FuzzTarget.Names)}."
        );
        return 2;
}

namespace ArtifactsPS.Benchmarks.Data;

/// <summary>Operations on whole folders.</summary>
internal static class Trees
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    /// <summary>Counts files and their bytes. A missing folder has none.</summary>
    public static (long Files, long Bytes) Measure(string folder)
    {
        if (!Directory.Exists(folder))
            return (0, 0);
        long files = 0;
        long bytes = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", Everything))
            (files, bytes) = (files + 1, bytes + file.Length);
        return (files, bytes);
    }

    /// <summary>Counts files and their bytes while reading them into the page cache.</summary>
    public static (long Files, long Bytes) Read(string folder)
    {
        if (!Directory.Exists(folder))
            return (0, 0);
        long files = 0;
        long bytes = 0;
        Parallel.ForEach(
            Directory.EnumerateFiles(folder, "*", Everything),
            () => new byte[1 << 20],
            (path, _, buffer) =>
            {
                using var file = File.OpenHandle(path);
                long total = 0;
                int read;
                while ((read = RandomAccess.Read(file, buffer, total)) > 0)
                    total += read;
                Interlocked.Increment(ref files);
                Interlocked.Add(ref bytes, total);
                return buffer;
            },
            _ => { }
        );
        return (files, bytes);
    }

    /// <summary>Deletes a folder if it exists.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Copies files, following links.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", Everything))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}

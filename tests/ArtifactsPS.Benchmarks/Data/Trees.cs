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

    /// <summary>Moves a folder to another one, to be deleted at the end, if it exists. For minutes after files were deleted, ext4
    /// needs several times as long to create new ones (<c>recently_deleted</c> in fs/ext4/ialloc.c).</summary>
    /// <param name="aside">Folder for such folders, on the same file system.</param>
    public static void SetAside(string folder, string aside)
    {
        if (!Directory.Exists(folder))
            return;
        Directory.CreateDirectory(aside);
        Directory.Move(folder, Path.Combine(aside, Guid.NewGuid().ToString("N")));
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

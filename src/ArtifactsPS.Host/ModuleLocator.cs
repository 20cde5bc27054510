namespace ArtifactsPS.Host;

/// <summary>Finds the module beside the installed executable, or in the repository that contains its build.</summary>
internal static class ModuleLocator
{
    private const string ManifestName = "Artifacts.psd1";

    /// <summary>The path of the nearest <c>Artifacts.psd1</c> at or above <paramref name="folder"/>; null if there is none.</summary>
    public static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var manifest = Path.Combine(at.FullName, ManifestName);
            if (File.Exists(manifest) && Directory.Exists(Path.Combine(at.FullName, "module")))
            {
                return manifest;
            }
        }

        return null;
    }
}

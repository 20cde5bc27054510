namespace ArtifactsPS.Tests.Host;

/// <summary>The .NET that runs the tests.</summary>
internal static class DotNet
{
    /// <summary>The folder of the <c>dotnet</c> that is running: <c>shared/Microsoft.NETCore.App/version</c> is below it.</summary>
    public static string Root { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    public static string Executable { get; } =
        Path.Combine(Root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    /// <summary>The folder of the newest SDK; null where there is only a runtime.</summary>
    public static string? Sdk { get; } =
        Directory.Exists(Path.Combine(Root, "sdk"))
            ? Directory
                .EnumerateDirectories(Path.Combine(Root, "sdk"))
                .Where(folder => File.Exists(Path.Combine(folder, "dotnet.dll")))
                .MaxBy(folder => folder, StringComparer.Ordinal)
            : null;
}

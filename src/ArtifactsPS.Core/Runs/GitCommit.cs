using System.ComponentModel;
using System.Diagnostics;

namespace ArtifactsPS.Core.Runs;

/// <summary>Reads the checked-out commit of a folder from git.</summary>
public static class GitCommit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Returns the full id of the commit; null without a repository, a commit or git.</summary>
    public static string? Of(string folder)
    {
        var start = new ProcessStartInfo("git", "rev-parse --verify HEAD")
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var reading = git.StandardOutput.ReadLineAsync();
            if (!git.WaitForExit((int)Timeout.TotalMilliseconds))
            {
                git.Kill();
                return null;
            }
            return git.ExitCode == 0 ? reading.GetAwaiter().GetResult()?.Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            // git is not installed, or the folder does not exist.
            return null;
        }
    }
}

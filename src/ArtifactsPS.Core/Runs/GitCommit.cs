using System.ComponentModel;
using System.Diagnostics;

namespace ArtifactsPS.Core.Runs;

/// <summary>The commit that a folder's working tree is at, as git tells it.</summary>
public static class GitCommit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The commit's full id; null where there is no repository, no commit, or no git.</summary>
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
            if (!git.WaitForExit((int)Patience.TotalMilliseconds))
            {
                git.Kill();
                return null;
            }
            return git.ExitCode == 0 ? reading.GetAwaiter().GetResult()?.Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception or DirectoryNotFoundException)
        {
            // No git on this machine: the run is recorded without.
            return null;
        }
    }
}

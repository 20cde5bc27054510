namespace ArtifactsPS.Host;

/// <summary>Text of <c>artifacts -Help</c>.</summary>
internal static class Help
{
    public const string Text = """

        Runs PowerShell with the Artifacts module imported. Takes the arguments of pwsh.

        Usage:
          artifacts                                    starts an interactive session
          artifacts [options] SCRIPT.ps1 [arguments]   runs a script (also -File)
          artifacts [options] -c COMMAND               runs a command (also -Command)
          artifacts -Version | -Help

        Frequent options:
          -NoProfile          doesn't run the profile scripts
          -NonInteractive     turns questions into errors
          -NoExit             stays in an interactive session afterwards
          -WorkingDirectory   starts in another folder

        'Get-Help about_Pwsh -Online' describes all options. 'Get-Help about_Artifacts' describes the module.

        """;
}

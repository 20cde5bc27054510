BeforeDiscovery {
    $manifest = Import-PowerShellDataFile (. $PSScriptRoot/ManifestPath.ps1)
    $commands = $manifest.CmdletsToExport
}
BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Help' {
    It '<_> has help in every view' -ForEach $commands {
        $full = Get-Help $_ -Full | Out-String
        $examples = Get-Help $_ -Examples | Out-String

        $full | Should -Match "(?s)NAME\s+$_\s.+SYNOPSIS.+SYNTAX\s+$_ .+DESCRIPTION\s+\w.+PARAMETERS.+INPUTS.+OUTPUTS.+Example 1"
        $examples | Should -Match '(?s)---------- Example 1 ----------.+Artifact'
        foreach ($parameter in (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin [Management.Automation.Cmdlet]::CommonParameters }) {
            (Get-Help $_ -Parameter $parameter).description.Text | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
        & $_ -? | Out-String | Should -Match "SYNTAX\s+$_ "
    }

    It '<_> links to its page for -Online' -ForEach $commands {
        $links = @((Get-Help $_).relatedLinks.navigationLink)

        $links[0].uri | Should -Match "^https://.+/docs/en-US/$_\.md$"
    }

    It '<_> is available as a topic' -ForEach 'about_Artifacts', 'about_Artifacts_StoreFormat', 'about_Artifacts_Collaboration',
        'about_Artifacts_References' {
        Get-Help $_ | Out-String | Should -Match "(?s)TOPIC\s+$_\s.+SHORT DESCRIPTION"
    }
}

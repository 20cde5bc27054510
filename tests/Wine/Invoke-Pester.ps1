<#
.SYNOPSIS
    Runs a Pester file on the Host's module. The last line is the result.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,
    # The file of tests.
    [Parameter(Mandatory)] [string] $File,
    # Tags of tests to leave out, separated by commas.
    [string] $ExcludeTag
)

$env:ARTIFACTS_MODULE = [IO.Path]::Combine((Get-Module Artifacts).ModuleBase, 'Artifacts.psd1')
Import-Module $Pester -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.Path = $File
$configuration.Run.PassThru = $true
$configuration.Filter.ExcludeTag = $ExcludeTag -split ','
# Two processes that create its key at the same moment would fail.
$configuration.TestRegistry.Enabled = $false
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
if ($run.PassedCount -gt 0) { $run.Result } else { 'Nothing passed' }

<#
.SYNOPSIS
    Runs all tests of this folder, and those among the examples, on a module. The exit code is 0 if all passed.
.EXAMPLE
    ./Invoke-Suite.ps1 -Module ../../Artifacts.psd1
#>
[CmdletBinding()]
param(
    # The manifest of the module.
    [Parameter(Mandatory)]
    [string] $Module,

    # The manifest of Pester. By default, the installed one.
    [string] $Pester = 'Pester',

    # Runs every n-th file of this folder.
    [ValidateRange(1, 100)]
    [int] $Step = 1
)

# The default, as users have it, whatever the caller needs.
$ErrorActionPreference = 'Continue'
$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
$env:ARTIFACTS_MODULE = (Resolve-Path -LiteralPath $Module -ErrorAction Stop).ProviderPath
Import-Module $Pester -ErrorAction Stop
Set-Location -LiteralPath $root -ErrorAction Stop
$configuration = New-PesterConfiguration
$index = 0
$files = (Get-ChildItem -LiteralPath tests/Pester -Filter *.Tests.ps1 | Sort-Object Name).FullName.Where({ $script:index++ % $Step -eq 0 })
$configuration.Run.Path = @($files) + 'examples'
$configuration.Run.PassThru = $true
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration
# The exit code of Pester is the number of failures, which wraps to 0 at 256.
exit [int]($run.Result -ne 'Passed' -or $run.PassedCount -eq 0)

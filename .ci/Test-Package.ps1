<#
.SYNOPSIS
    Tests the package that Save-Package.ps1 built, in the PowerShell that runs this script.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
# The only version.
$module = @(Get-Item "$root/out/Artifacts/*/Artifacts.psd1")
if ($module.Count -ne 1) { throw "out/Artifacts must have one version of the module. Run .ci/Save-Package.ps1." }
"PowerShell $($PSVersionTable.PSVersion) ($($PSVersionTable.PSEdition)), $([Environment]::OSVersion)"
& "$root/tests/Pester/Invoke-Suite.ps1" -Module $module[0].FullName -Pester "$root/out/Pester/Pester.psd1"
exit $LASTEXITCODE

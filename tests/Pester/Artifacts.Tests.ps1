BeforeDiscovery {
    $manifest = Import-PowerShellDataFile (. $PSScriptRoot/ManifestPath.ps1)
    $commands = $manifest.CmdletsToExport
    $writing = $commands -notmatch '^(Get|Test|Assert|Compare|New-Artifact$|New-ArtifactDraft)'
}
BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Module Artifacts' {
    It 'exports <_>, which has a test file' -ForEach $commands {
        (Get-Command $_ -Module Artifacts).CommandType | Should -Be Cmdlet
        "$PSScriptRoot/$_.Tests.ps1" | Should -Exist
    }

    It 'is imported from the tested location' {
        (Get-Module Artifacts).Path | Should -Be (Join-Path (Split-Path $manifestPath) module/Artifacts.psm1)
    }

    It 'loads the build that ARTIFACTS_TFM names' -Skip:(-not $env:ARTIFACTS_TFM) {
        $folder = Split-Path (Get-Command New-Artifact).ImplementingType.Assembly.Location

        Split-Path $folder -Leaf | Should -Be $env:ARTIFACTS_TFM
    }

    It 'loads machine code for this system and .NET, if the package has it' -Skip:($PSVersionTable.PSVersion -lt '7.4') {
        $script = [IO.File]::ReadAllText([IO.Path]::Combine((Split-Path $manifestPath), 'module', 'Artifacts.psm1'))
        $load = [scriptblock]::Create($script.Replace('$PSScriptRoot', '$TestDrive'))
        $system = [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
        $major = [Environment]::Version.Major
        function Add-Build($folder) { $null = New-Item "$TestDrive/bin/$folder/ArtifactsPS.dll" -ItemType File -Force }
        function Import-Module($Name, $ErrorAction) { [IO.Path]::GetRelativePath("$TestDrive/bin", $Name).Replace('\', '/') }
        $framework = $env:ARTIFACTS_TFM
        $env:ARTIFACTS_TFM = $null
        try {
            Add-Build net8.0
            Add-Build "net8.0/net$($major + 1).0-$system"
            & $load | Should -Be net8.0/ArtifactsPS.dll
            Add-Build "net8.0/net$major.0-$system"
            & $load | Should -Be "net8.0/net$major.0-$system/ArtifactsPS.dll"
        }
        finally { $env:ARTIFACTS_TFM = $framework }
    }

    It 'exports nothing else' {
        (Get-Command -Module Artifacts -CommandType Cmdlet, Function).Name | Sort-Object |
            Should -Be ((Test-ModuleManifest $manifestPath).ExportedCmdlets.Keys | Sort-Object)
        (Get-Command -Module Artifacts -CommandType Alias).Name | Sort-Object |
            Should -Be 'Should-BeArtifact', 'Should-HaveSameContentAs', 'Should-HaveValidSignature'
    }

    It 'has -WhatIf and -Confirm on <_>' -ForEach $writing {
        (Get-Command $_).Parameters.Keys | Should -Contain WhatIf
        (Get-Command $_).Parameters.Keys | Should -Contain Confirm
    }

    It 'displays its outputs as tables' {
        $null = New-TestVersion shown @{ 'dir/größe [1].txt' = 'x' * 2048 } -Publish @{ Alias = 'prod' }
        $null = New-ArtifactDraft shown | Remove-ArtifactEntry dir/ | Publish-Artifact -AllowEmpty

        Get-Artifact shown:v0 | Out-String -Width 200 | Should -Match 'shown\s+v0\s+dataset\s+1\s+2\.0 KiB\s+\S+ \S+\s+prod'
        Get-ArtifactEntry shown:v0 | Out-String -Width 200 | Should -Match '2\.0 KiB\s+[0-9a-f]{12}\s+dir/größe \[1\]\.txt'
        Get-ArtifactHistory shown | Out-String -Width 200 | Should -Match '1\s+\S+ \S+\s+\S+@\S+\s+published v0; alias prod -> v0'
        Compare-Artifact shown:v0 shown:v1 | Out-String -Width 200 | Should -Match 'Removed\s+2\.0 KiB\s+dir/größe \[1\]\.txt'
        Get-ArtifactStore | Out-String -Width 200 | Should -Match '\bTrue\s+1\s'
    }

    It 'publishes and restores files in one pipeline' {
        $null = New-TestFile 'data/größe [1].csv' 'a,b'
        $restored = New-Artifact whole dataset | Add-ArtifactDirectory "$TestDrive/data" | Publish-Artifact |
            Save-Artifact -Destination "$TestDrive/restored" -PassThru

        Get-Content -LiteralPath $restored.FullName | Should -Be 'a,b'
    }

    It 'repairs a folder from the findings of Test-Artifact' {
        $null = New-TestVersion repaired @{ 'a [1].txt' = 'a'; 'b.txt' = 'b'; 'c.txt' = 'c' }
        Save-Artifact repaired "$TestDrive/folder"
        Remove-Item -LiteralPath "$TestDrive/folder/a [1].txt"
        Set-Content "$TestDrive/folder/b.txt" broken
        $fixed = Test-Artifact repaired "$TestDrive/folder" | Save-Artifact repaired "$TestDrive/folder" -PassThru

        $fixed.Name | Sort-Object | Should -Be 'a [1].txt', 'b.txt'
        Test-Artifact repaired "$TestDrive/folder" -Quiet | Should -BeTrue
    }

    It 'accepts versions that a job returned' {
        $version = Start-Job {
            Import-Module $using:manifestPath
            New-Artifact from-a-job dataset -Metadata @{ deep = @{ er = 1 } } | Publish-Artifact -AllowEmpty
        } | Receive-Job -Wait -AutoRemoveJob

        ($version | Get-Artifact).Reference | Should -Be 'from-a-job:v0'
        $version.Metadata.deep.er | Should -Be 1
    }
}

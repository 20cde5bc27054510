BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $v0 = New-TestVersion used @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod' }
    $v1 = New-TestVersion used @{ 'a.txt' = 'b' }
}
AfterAll { Restore-Environment }

Describe 'Use-Artifact' {
    It 'returns a version outside of any run' {
        (Use-Artifact used).Reference | Should -Be used:v1
        (Use-Artifact used:prod).Reference | Should -Be used:v0
        (Use-Artifact "used@$($v0.Digest)").Reference | Should -Be used:v0
        ($v0 | Use-Artifact).Reference | Should -Be used:v0
    }

    It 'records nothing outside of any run' {
        $before = Get-StoreKey
        $null = Use-Artifact used

        Get-StoreKey | Should -Be $before
    }

    It 'records the version as input once' {
        $inputs = Invoke-ArtifactRun {
            $null = Use-Artifact used:prod
            $null = Use-Artifact used:v0
            (Get-ArtifactRun -Current).Inputs
        }

        $inputs | Should -Be used:v0
    }

    It 'reports a missing version and records the others' {
        $run = Invoke-ArtifactRun {
            $null = 'used:v0', 'used:v9', $v1 | Use-Artifact -ErrorVariable script:problems -ErrorAction SilentlyContinue
            Get-ArtifactRun -Current
        }

        $run.Inputs | Should -Be used:v0, used:v1
        $script:problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        $script:problems[0].TargetObject | Should -Be used:v9
    }

    It 'passes the version to other commands' {
        Invoke-ArtifactRun { Use-Artifact used:v0 | Save-Artifact -Destination "$TestDrive/restored" }

        Get-Content "$TestDrive/restored/a.txt" | Should -Be a
    }

    It 'records into the run of the parent process' {
        $run = Start-ArtifactRun
        $null = Invoke-InProcess {
            param($manifestPath)
            Import-Module $manifestPath
            Use-Artifact used:v1
        } -Arguments $manifestPath
        $null = Stop-ArtifactRun

        (Get-ArtifactRun $run.Id).Inputs | Should -Be used:v1
    }

    It 'reports <Name>, which is missing or invalid' -TestCases @(
        @{ Name = 'nosuch'; Id = 'ArtifactNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'used:nobody'; Id = 'ArtifactVersionNotFound'; Category = 'ObjectNotFound' }
        @{ Name = 'a/b'; Id = 'InvalidArtifactName'; Category = 'InvalidArgument' }
    ) {
        Assert-Error { Use-Artifact $Name } $Id $Category $Name
    }

    It 'records nothing under -WhatIf but returns the version' {
        $run = Invoke-ArtifactRun {
            (Use-Artifact used -WhatIf).Reference | Should -Be used:v1
            Get-ArtifactRun -Current
        }

        $run.Inputs | Should -BeNullOrEmpty
    }
}

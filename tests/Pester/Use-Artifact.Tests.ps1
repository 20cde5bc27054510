BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $v0 = New-TestVersion used @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod' }
    $v1 = New-TestVersion used @{ 'a.txt' = 'b' }
}
AfterAll { Restore-Environment }

Describe 'Use-Artifact' {
    It 'finds a version as Get-Artifact does, outside of any run' {
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

    It 'records exactly that version as an input of the run, once' {
        $inputs = Invoke-ArtifactRun {
            $null = Use-Artifact used:prod
            $null = Use-Artifact used:v0
            (Get-ArtifactRun -Current).Inputs
        }

        $inputs | Should -Be used:v0
    }

    It 'records every version that comes down the pipeline, and goes on after an error' {
        $run = Invoke-ArtifactRun {
            $null = 'used:v0', 'used:v9', $v1 | Use-Artifact -ErrorVariable script:problems -ErrorAction SilentlyContinue
            Get-ArtifactRun -Current
        }

        $run.Inputs | Should -Be used:v0, used:v1
        $script:problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        $script:problems[0].TargetObject | Should -Be used:v9
    }

    It 'goes on down the pipeline' {
        Invoke-ArtifactRun { Use-Artifact used:v0 | Save-Artifact -Destination "$TestDrive/restored" }

        Get-Content "$TestDrive/restored/a.txt" | Should -Be a
    }

    It 'records into the run that the environment names' {
        $run = Start-ArtifactRun
        $null = Invoke-InProcess {
            param($manifestPath)
            Import-Module $manifestPath
            Use-Artifact used:v1
        } -Arguments $manifestPath
        $null = Stop-ArtifactRun

        (Get-ArtifactRun $run.Id).Inputs | Should -Be used:v1
    }

    It 'has an error for <Name>' -TestCases @(
        @{ Name = 'nosuch'; Id = 'ArtifactNotFound,*' }
        @{ Name = 'used:nobody'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'a/b'; Id = 'InvalidArtifactName,*' }
    ) {
        { Use-Artifact $Name -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'records nothing under -WhatIf, and finds the version' {
        $run = Invoke-ArtifactRun {
            (Use-Artifact used -WhatIf).Reference | Should -Be used:v1
            Get-ArtifactRun -Current
        }

        $run.Inputs | Should -BeNullOrEmpty
    }
}

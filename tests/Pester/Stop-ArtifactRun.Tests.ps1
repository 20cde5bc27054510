BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Stop-ArtifactRun' {
    AfterEach { while ($env:ARTIFACTS_RUN_ID) { $null = Stop-ArtifactRun } }

    It 'stops the current run' {
        $null = New-TestVersion raw @{ 'a.txt' = 'a' }
        $run = Start-ArtifactRun -Name ended -Group g
        $null = Use-Artifact raw
        $null = New-TestVersion model @{ 'm.txt' = 'm' }
        $stopped = Stop-ArtifactRun

        $stopped.Id | Should -Be $run.Id
        $stopped.Outcome | Should -Be Succeeded
        $stopped.Inputs | Should -Be raw:v0
        $stopped.Outputs | Should -Be model:v0
        $stopped.EndedAt | Should -BeGreaterOrEqual $stopped.StartedAt
        "$env:ARTIFACTS_RUN_ID$env:ARTIFACTS_RUN_GROUP" | Should -BeNullOrEmpty
        { Get-ArtifactRun -Current -ErrorAction Stop } | Should -Throw -ErrorId 'NoActiveRun,*'
    }

    It 'records a failure with its message' {
        $null = Start-ArtifactRun -Name failed
        $stopped = Stop-ArtifactRun -Failed -Message 'out of memory'

        $stopped.Outcome | Should -Be Failed
        (Get-ArtifactRun $stopped.Id).Message | Should -Be 'out of memory'
    }

    It 'keeps the first recorded end' {
        $run = Start-ArtifactRun
        $first = Stop-ArtifactRun
        $again = Stop-ArtifactRun $run.Id -Failed -Message late

        $again.Outcome | Should -Be Succeeded
        $again.EndedAt | Should -Be $first.EndedAt
        $again.Message | Should -BeNullOrEmpty
    }

    It 'stops the run named by object or id' {
        $outer = Start-ArtifactRun -Name outer
        $inner = Start-ArtifactRun -Name inner
        ($outer | Stop-ArtifactRun).Name | Should -Be outer
        (Get-ArtifactRun -Current).Name | Should -Be inner
        (Stop-ArtifactRun $inner.Id).Name | Should -Be inner

        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'stops the run of the parent process' {
        $run = Start-ArtifactRun -Name around
        $stopped = Invoke-InProcess {
            param($manifestPath)
            Import-Module $manifestPath
            Stop-ArtifactRun -Failed -Message 'by the child'
        } -Arguments $manifestPath

        $stopped.Id | Should -Be $run.Id
        (Get-ArtifactRun $run.Id).Outcome | Should -Be Failed
        (Get-ArtifactRun $run.Id).Message | Should -Be 'by the child'
    }

    It 'stops the run in its store' {
        $null = New-ArtifactStore "$TestDrive/elsewhere"
        $run = Start-ArtifactRun -Store "$TestDrive/elsewhere"
        (Get-ArtifactRun -Current).Store | Should -Be $run.Store
        $stopped = Stop-ArtifactRun

        $stopped.Store | Should -Be $run.Store
        (Get-ArtifactRun $run.Id -Store "$TestDrive/elsewhere").Outcome | Should -Be Succeeded
    }

    It 'reports that no run is current' {
        Assert-Error { Stop-ArtifactRun } NoActiveRun InvalidOperation $null Start-ArtifactRun
    }

    It 'reports <Id>, which is missing or invalid' -TestCases @(
        @{ Id = 'nosuch'; Expected = 'ArtifactRunNotFound'; Category = 'ObjectNotFound' }
        @{ Id = 'a/b'; Expected = 'InvalidArtifactRun'; Category = 'InvalidArgument' }
    ) {
        Assert-Error { Stop-ArtifactRun $Id } $Expected $Category $Id
    }

    It 'stops nothing under -WhatIf' {
        $run = Start-ArtifactRun
        $before = Get-StoreKey
        Stop-ArtifactRun -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        $env:ARTIFACTS_RUN_ID | Should -Be $run.Id
    }
}

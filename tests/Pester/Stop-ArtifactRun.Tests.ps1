BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Stop-ArtifactRun' {
    AfterEach { while ($env:ARTIFACTS_RUN_ID) { $null = Stop-ArtifactRun } }

    It 'ends the current run' {
        $run = Start-ArtifactRun -Name ended -Group g
        $stopped = Stop-ArtifactRun

        $stopped.Id | Should -Be $run.Id
        $stopped.Outcome | Should -Be Succeeded
        $stopped.EndedAt | Should -BeGreaterOrEqual $stopped.StartedAt
        "$env:ARTIFACTS_RUN_ID$env:ARTIFACTS_RUN_GROUP" | Should -BeNullOrEmpty
        { Get-ArtifactRun -Current -ErrorAction Stop } | Should -Throw -ErrorId 'NoActiveRun,*'
    }

    It 'records that it failed, and why' {
        $null = Start-ArtifactRun -Name failed
        $stopped = Stop-ArtifactRun -Failed -Message 'out of memory'

        $stopped.Outcome | Should -Be Failed
        (Get-ArtifactRun $stopped.Id).Message | Should -Be 'out of memory'
    }

    It 'keeps the first of several ends' {
        $run = Start-ArtifactRun
        $first = Stop-ArtifactRun
        $again = Stop-ArtifactRun $run.Id -Failed -Message late

        $again.Outcome | Should -Be Succeeded
        $again.EndedAt | Should -Be $first.EndedAt
        $again.Message | Should -BeNullOrEmpty
    }

    It 'ends the run that an object or an id names' {
        $outer = Start-ArtifactRun -Name outer
        $inner = Start-ArtifactRun -Name inner
        ($outer | Stop-ArtifactRun).Name | Should -Be outer
        (Get-ArtifactRun -Current).Name | Should -Be inner
        (Stop-ArtifactRun $inner.Id).Name | Should -Be inner

        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'ends the run of the process around it' {
        $run = Start-ArtifactRun -Name around
        $stopped = Invoke-InProcess {
            param($manifestPath)
            Import-Module $manifestPath
            Stop-ArtifactRun
        } -Arguments $manifestPath

        $stopped.Id | Should -Be $run.Id
        (Get-ArtifactRun $run.Id).Outcome | Should -Be Succeeded
    }

    It 'ends the run in the store that it is in' {
        $null = New-ArtifactStore "$TestDrive/elsewhere"
        $run = Start-ArtifactRun -Store "$TestDrive/elsewhere"
        $stopped = Stop-ArtifactRun

        $stopped.Store | Should -Be $run.Store
        (Get-ArtifactRun $run.Id -Store "$TestDrive/elsewhere").Outcome | Should -Be Succeeded
    }

    It 'has an error outside of any run' {
        { Stop-ArtifactRun -ErrorAction Stop } | Should -Throw -ErrorId 'NoActiveRun,*' -ExpectedMessage '*Start-ArtifactRun*'
    }

    It 'has an error for <Id>' -TestCases @(
        @{ Id = 'nosuch'; Expected = 'ArtifactRunNotFound,*' }
        @{ Id = 'a/b'; Expected = 'InvalidArtifactRun,*' }
    ) {
        { Stop-ArtifactRun $Id -ErrorAction Stop } | Should -Throw -ErrorId $Expected
    }

    It 'writes nothing under -WhatIf, and leaves the run' {
        $run = Start-ArtifactRun
        $before = Get-StoreKey
        Stop-ArtifactRun -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        $env:ARTIFACTS_RUN_ID | Should -Be $run.Id
    }
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1

    # Returns the run that started last.
    function Get-LastRun { Get-ArtifactRun | Select-Object -Last 1 }
}
AfterAll { Restore-Environment }

Describe 'Invoke-ArtifactRun' {
    AfterEach { $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty }

    It 'records the block as a run' {
        $version = Invoke-ArtifactRun -Name prepare -Group nightly -JobType load -Config @{ rate = 0.1 } {
            New-TestVersion recorded @{ 'a.txt' = 'a' }
        }
        $run = Get-LastRun

        $version.RunId | Should -Be $run.Id
        $run.Name | Should -Be prepare
        $run.Group | Should -Be nightly
        $run.JobType | Should -Be load
        $run.Config.rate | Should -Be 0.1
        $run.Outcome | Should -Be Succeeded
        $run.EndedAt | Should -BeGreaterOrEqual $run.StartedAt
        $run.Outputs | Should -Be recorded:v0
    }

    It 'outputs objects of the block as they come' {
        $order = [Collections.Generic.List[string]]::new()
        Invoke-ArtifactRun { foreach ($i in 1, 2) { $order.Add("wrote $i"); $i } } | ForEach-Object { $order.Add("got $_") }

        $order | Should -Be 'wrote 1', 'got 1', 'wrote 2', 'got 2'
    }

    It 'passes arguments to the block' {
        Invoke-ArtifactRun { param($first, $second) "$first|$($second -join ',')|$args" } -ArgumentList one, (2, 3), four |
            Should -Be 'one|2,3|four'
    }

    It 'runs the block in a child scope' {
        $around = 'outside'
        Invoke-ArtifactRun { $around; $around = 'inside' } | Should -Be outside

        $around | Should -Be outside
    }

    It 'passes errors through and continues' {
        $output = Invoke-ArtifactRun { Write-Error careful; Get-Artifact nosuch; 'done' } -ErrorVariable problems 2>$null

        $output | Should -Be done
        $problems[0].Exception.Message | Should -Be careful
        $problems[1].FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        (Get-LastRun).Outcome | Should -Be Failed
        (Get-LastRun).Message | Should -Be careful
        (Get-LastRun).Errors.Count | Should -Be 2
        (Get-LastRun).Errors[1] | Should -BeLike '*nosuch*'
    }

    It 'records success when errors are handled' {
        Invoke-ArtifactRun {
            try { Get-Artifact nosuch -ErrorAction Stop } catch { 'caught' }
            Get-Artifact nosuch -ErrorAction SilentlyContinue
            Get-Artifact nosuch 2>$null
            Write-Error merged 2>&1 | Out-Null
        } | Should -Be caught

        (Get-LastRun).Outcome | Should -Be Succeeded
        (Get-LastRun).Errors | Should -BeNullOrEmpty
    }

    It 'records a failure when a native command fails' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $global:LASTEXITCODE = 7
        Invoke-ArtifactRun { sh -c 'echo out; echo progress >&2; exit 3' } 2>$null | Should -Be out

        $run = Get-LastRun
        $run.Outcome, $run.ExitCode | Should -Be Failed, 3
        $run.Message | Should -BeLike '*3*'
        $run.Errors | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 3
        Invoke-ArtifactRun { /bin/false; /bin/true }
        (Get-LastRun).Outcome, (Get-LastRun).ExitCode | Should -Be Succeeded, 0
        $run | Format-List | Out-String | Should -Match 'ExitCode\s*: 3'
    }

    It 'does not take an earlier exit code for its own' {
        $global:LASTEXITCODE = 7
        Invoke-ArtifactRun { 'quiet' } | Should -Be quiet

        (Get-LastRun).Outcome | Should -Be Succeeded
        (Get-LastRun).ExitCode | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 7
        $global:LASTEXITCODE = 0
    }

    It 'passes warnings and information through' {
        $null = Invoke-ArtifactRun { Write-Warning careful; Write-Information noted; Write-Host told } `
            -WarningVariable warnings -InformationVariable notes 3>$null 6>$null

        $warnings | Should -Be careful
        $notes | Should -Be noted, told
    }

    It 'passes all redirected streams through' {
        $all = Invoke-ArtifactRun { Write-Error e; Write-Warning w; Write-Verbose v -Verbose; Write-Information i; 'o' } *>&1

        "$all" | Should -Be 'e w v i o'
        $all[0] | Should -BeOfType ([Management.Automation.ErrorRecord])
    }

    It 'records a failure when the block throws' {
        $written = [Collections.Generic.List[string]]::new()
        { Invoke-ArtifactRun -Name thrown { 'before'; throw 'it broke' } | ForEach-Object { $written.Add($_) } } |
            Should -Throw 'it broke'

        $written | Should -Be before
        (Get-LastRun).Name | Should -Be thrown
        (Get-LastRun).Outcome | Should -Be Failed
        (Get-LastRun).Message | Should -Be 'it broke'
    }

    It 'records a failure when an error stops the block' {
        { Invoke-ArtifactRun { Get-Artifact nosuch -ErrorAction Stop } } | Should -Throw -ErrorId 'ArtifactNotFound,*'

        (Get-LastRun).Outcome | Should -Be Failed
        (Get-LastRun).Message | Should -BeLike '*nosuch*'
    }

    It 'records success when the block ends with <Statement>' -TestCases @(
        @{ Statement = 'return' }
        @{ Statement = 'break' }
        @{ Statement = 'continue' }
    ) {
        $block = [scriptblock]::Create("'before'; $Statement; 'after'")
        $output = foreach ($once in 1) { Invoke-ArtifactRun -Name left $block }

        $output | Should -Be before
        (Get-LastRun).Outcome | Should -Be Succeeded
    }

    It 'records <Outcome> when the block exits with <Code>' -TestCases @(
        @{ Code = 0; Outcome = 'Succeeded'; Message = $null }
        @{ Code = 3; Outcome = 'Failed'; Message = 'It exited with 3.' }
    ) {
        $output = Invoke-InProcess {
            param($manifestPath, $code)
            Import-Module $manifestPath
            Invoke-ArtifactRun -Name exits { 'before'; exit $code; 'within' }
            'after'
        } -Arguments $manifestPath, $Code

        $LASTEXITCODE | Should -Be $Code
        $output | Should -Be before
        (Get-LastRun).Outcome | Should -Be $Outcome
        (Get-LastRun).Message | Should -Be $Message
    }

    It 'gives a nested run the same group' {
        $inner = Invoke-ArtifactRun -Name outer -Group shared {
            Invoke-ArtifactRun -Name inner { Get-ArtifactRun -Current }
            (Get-ArtifactRun -Current).Name
        }

        $inner[0].Name | Should -Be inner
        $inner[0].Group | Should -Be shared
        $inner[1] | Should -Be outer
    }

    It 'restores the environment after parallel runs' {
        $barrier = [Threading.Barrier]::new(3)
        $names = 1..6 | ForEach-Object -Parallel {
            Import-Module $using:manifestPath
            $barrier = $using:barrier
            Invoke-ArtifactRun -Name "worker $_" -Group crew {
                $null = $barrier.SignalAndWait([TimeSpan]::FromMinutes(1))
                (Get-ArtifactRun -Current).Name
            }
        } -ThrottleLimit 3

        $names | Sort-Object | Should -Be (1..6 | ForEach-Object { "worker $_" })
        @(Get-ArtifactRun -Group crew).Count | Should -Be 6
        $env:ARTIFACTS_RUN_GROUP | Should -BeNullOrEmpty
    }

    It 'does not run the block with invalid <Parameters>' -TestCases @(
        @{ Parameters = @{ Group = 'a/b' }; Id = 'InvalidArtifactRun' }
        @{ Parameters = @{ Store = 'nosuch' }; Id = 'StoreNotFound' }
        @{ Parameters = @{ Config = @{ block = { } } }; Id = 'InvalidMetadata' }
    ) {
        $before = @(Get-ArtifactRun).Count
        $script:ran = $false
        { Invoke-ArtifactRun @Parameters { $script:ran = $true } } | Should -Throw -ErrorId "$Id,*"

        $script:ran | Should -BeFalse
        @(Get-ArtifactRun).Count | Should -Be $before
    }

    It 'runs nothing under -WhatIf' {
        $before = Get-StoreKey
        Invoke-ArtifactRun { 'ran' } -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
    }
}

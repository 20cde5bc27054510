BeforeAll {
    . $PSScriptRoot/TestSetup.ps1

    # The run that was started last.
    function Get-LastRun { Get-ArtifactRun | Select-Object -Last 1 }
}
AfterAll { Restore-Environment }

Describe 'Invoke-ArtifactRun' {
    AfterEach { $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty }

    It 'runs the block as a run' {
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

    It 'writes what the block writes as it comes' {
        $order = [Collections.Generic.List[string]]::new()
        Invoke-ArtifactRun { foreach ($i in 1, 2) { $order.Add("wrote $i"); $i } } | ForEach-Object { $order.Add("got $_") }

        $order | Should -Be 'wrote 1', 'got 1', 'wrote 2', 'got 2'
    }

    It 'gives the block its arguments' {
        Invoke-ArtifactRun { param($first, $second) "$first|$($second -join ',')|$args" } -ArgumentList one, (2, 3), four |
            Should -Be 'one|2,3|four'
    }

    It 'runs the block in a scope of its own, which sees what is around it' {
        $around = 'outside'
        Invoke-ArtifactRun { $around; $around = 'inside' } | Should -Be outside

        $around | Should -Be outside
    }

    It 'passes errors through, and goes on' {
        $output = Invoke-ArtifactRun { Write-Error careful; Get-Artifact nosuch; 'done' } -ErrorVariable problems 2>$null

        $output | Should -Be done
        $problems[0].Exception.Message | Should -Be careful
        $problems[1].FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        (Get-LastRun).Outcome | Should -Be Succeeded
    }

    It 'passes warnings and information through' {
        $null = Invoke-ArtifactRun { Write-Warning careful; Write-Information noted; Write-Host told } `
            -WarningVariable warnings -InformationVariable notes 3>$null 6>$null

        $warnings | Should -Be careful
        $notes | Should -Be noted, told
    }

    It 'passes all streams through where they are redirected' {
        $all = Invoke-ArtifactRun { Write-Error e; Write-Warning w; Write-Verbose v -Verbose; Write-Information i; 'o' } *>&1

        "$all" | Should -Be 'e w v i o'
        $all[0] | Should -BeOfType ([Management.Automation.ErrorRecord])
    }

    It 'stops the run as failed when the block throws, and throws' {
        $written = [Collections.Generic.List[string]]::new()
        { Invoke-ArtifactRun -Name thrown { 'before'; throw 'it broke' } | ForEach-Object { $written.Add($_) } } |
            Should -Throw 'it broke'

        $written | Should -Be before
        (Get-LastRun).Name | Should -Be thrown
        (Get-LastRun).Outcome | Should -Be Failed
        (Get-LastRun).Message | Should -Be 'it broke'
    }

    It 'stops the run as failed when an error is to stop the block' {
        { Invoke-ArtifactRun { Get-Artifact nosuch -ErrorAction Stop } } | Should -Throw -ErrorId 'ArtifactNotFound,*'

        (Get-LastRun).Outcome | Should -Be Failed
        (Get-LastRun).Message | Should -BeLike '*nosuch*'
    }

    It 'stops the run as failed when it is stopped' {
        $shell = [powershell]::Create().AddScript({
                param($manifestPath)
                Import-Module $manifestPath
                Invoke-ArtifactRun -Name stopped { 'begun'; Start-Sleep 60 }
            }).AddArgument($manifestPath)
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $begun = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        while ($output.Count -eq 0 -and -not $begun.IsCompleted) { Start-Sleep -Milliseconds 20 }
        $shell.Stop()
        $shell.Dispose()

        $run = Get-ArtifactRun stopped
        $run.Outcome | Should -Be Failed
        $run.Message | Should -Be 'It was stopped.'
    }

    It 'stops the run when the block is left with <Statement>' -TestCases @(
        @{ Statement = 'return' }
        @{ Statement = 'break' }
        @{ Statement = 'continue' }
    ) {
        $block = [scriptblock]::Create("'before'; $Statement; 'after'")
        $output = foreach ($once in 1) { Invoke-ArtifactRun -Name left $block }

        $output | Should -Be before
        (Get-LastRun).Outcome | Should -Be Succeeded
    }

    It 'records <Outcome> when a script exits with <Code> within the block' -TestCases @(
        @{ Code = 0; Outcome = 'Succeeded'; Message = $null }
        @{ Code = 3; Outcome = 'Failed'; Message = 'It exited with 3.' }
    ) {
        Invoke-InProcess {
            param($manifestPath, $code)
            Import-Module $manifestPath
            Invoke-ArtifactRun -Name exits { exit $code }
        } -Arguments $manifestPath, $Code

        $LASTEXITCODE | Should -Be $Code
        (Get-LastRun).Outcome | Should -Be $Outcome
        (Get-LastRun).Message | Should -Be $Message
    }

    It 'makes a run within a run, of the same group' {
        $inner = Invoke-ArtifactRun -Name outer -Group shared {
            Invoke-ArtifactRun -Name inner { Get-ArtifactRun -Current }
            (Get-ArtifactRun -Current).Name
        }

        $inner[0].Name | Should -Be inner
        $inner[0].Group | Should -Be shared
        $inner[1] | Should -Be outer
    }

    It 'leaves the environment as it was after runs side by side' {
        $names = 1..6 | ForEach-Object -Parallel {
            Import-Module $using:manifestPath
            Invoke-ArtifactRun -Name "worker $_" -Group crew {
                Start-Sleep -Milliseconds (Get-Random -Maximum 200)
                (Get-ArtifactRun -Current).Name
            }
        } -ThrottleLimit 3

        $names | Sort-Object | Should -Be (1..6 | ForEach-Object { "worker $_" })
        @(Get-ArtifactRun -Group crew).Count | Should -Be 6
        $env:ARTIFACTS_RUN_GROUP | Should -BeNullOrEmpty
    }

    It 'does not run the block where the run can''t be started' {
        { Invoke-ArtifactRun -Group 'a/b' { $script:ran = $true } } | Should -Throw -ErrorId 'InvalidArtifactRun,*'
        { Invoke-ArtifactRun -Store "$TestDrive/nosuch" { $script:ran = $true } } | Should -Throw -ErrorId 'StoreNotFound,*'
        $script:ran | Should -BeNullOrEmpty
    }
}

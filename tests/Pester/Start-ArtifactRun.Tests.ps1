BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Start-ArtifactRun' {
    AfterEach { while ($env:ARTIFACTS_RUN_ID) { $null = Stop-ArtifactRun } }

    It 'starts a run and sets the environment' {
        $run = Start-ArtifactRun -Name prepare -Group nightly -JobType load -Config @{ rate = 0.1; layers = 1, 2 }

        $run.GetType().Name | Should -Be ArtifactRun
        $run.Name | Should -Be prepare
        $run.Group | Should -Be nightly
        $run.JobType | Should -Be load
        $run.Config.rate | Should -Be 0.1
        $run.Config.layers | Should -Be 1, 2
        $run.Outcome | Should -Be Running
        $run.EndedAt | Should -BeNullOrEmpty
        $run.StartedAt | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        $run.User | Should -Be ([Environment]::UserName)
        $run.Machine | Should -Be ([Environment]::MachineName)
        $run.PowerShellVersion | Should -Be "$($PSVersionTable.PSVersion)"
        $run.ModuleVersion | Should -Be "$((Get-Module Artifacts).Version)"
        $run.Store | Should -Be $env:ARTIFACTS_STORE
        $env:ARTIFACTS_RUN_ID | Should -Be $run.Id
        $env:ARTIFACTS_RUN_GROUP | Should -Be nightly
        (Get-ArtifactRun -Current).Id | Should -Be $run.Id
    }

    It 'records versions published during the run' {
        $before = New-TestVersion before @{ 'a.txt' = 'a' }
        $run = Start-ArtifactRun
        $version = New-TestVersion recorded @{ 'a.txt' = 'a' }
        $null = Stop-ArtifactRun
        $after = New-TestVersion after @{ 'a.txt' = 'a' }

        $version.RunId | Should -Be $run.Id
        "$($before.RunId)$($after.RunId)" | Should -BeNullOrEmpty
        (Get-ArtifactRun $run.Id).Outputs | Should -Be recorded:v0
    }

    It 'records equal content published again' {
        $null = New-TestVersion again @{ 'a.txt' = 'a' }
        $run = Start-ArtifactRun
        (New-TestVersion again @{ 'a.txt' = 'a' }).Deduplicated | Should -BeTrue

        (Get-ArtifactRun $run.Id).Outputs | Should -Be again:v0
    }

    It 'names the run after the script' {
        $script = New-TestFile 'nightly build.ps1' 'Start-ArtifactRun; $null = Stop-ArtifactRun'

        (& $script).Name | Should -Be 'nightly build'
        (Start-ArtifactRun).Name | Should -Not -BeNullOrEmpty
    }

    It 'gives a nested run the same group' {
        $outer = Start-ArtifactRun -Name outer -Group shared
        $inner = Start-ArtifactRun -Name inner
        $inner.Group | Should -Be shared
        (Get-ArtifactRun -Current).Name | Should -Be inner
        $null = Stop-ArtifactRun

        (Get-ArtifactRun -Current).Id | Should -Be $outer.Id
        $env:ARTIFACTS_RUN_ID | Should -Be $outer.Id
        $env:ARTIFACTS_RUN_GROUP | Should -Be shared
    }

    It 'restores the environment after runs of two sessions' {
        $env:ARTIFACTS_RUN_GROUP = 'outside'
        $other = [powershell]::Create()
        try {
            $null = $other.AddScript("Import-Module '$manifestPath'").Invoke()
            $null = Start-ArtifactRun -Name first
            $other.Commands.Clear()
            $second = $other.AddScript('Start-ArtifactRun -Name second').Invoke()
            $null = Stop-ArtifactRun
            $env:ARTIFACTS_RUN_ID, $env:ARTIFACTS_RUN_GROUP | Should -Be $second.Id, outside
            $other.Commands.Clear()
            $null = $other.AddScript('Stop-ArtifactRun').Invoke()
            $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
            $env:ARTIFACTS_RUN_GROUP | Should -Be outside
        }
        finally {
            $other.Dispose()
            $env:ARTIFACTS_RUN_GROUP = $null
        }
    }

    It 'uses the group from the environment' {
        $env:ARTIFACTS_RUN_GROUP = 'from-outside'
        try { (Start-ArtifactRun).Group | Should -Be from-outside }
        finally {
            $null = Stop-ArtifactRun
            $env:ARTIFACTS_RUN_GROUP | Should -Be from-outside
            $env:ARTIFACTS_RUN_GROUP = $null
        }
    }

    It 'records the commit of the folder' -Skip:(-not (Get-Command git -ErrorAction Ignore)) {
        $null = git init --quiet "$TestDrive/repository" 2>&1
        Push-Location "$TestDrive/repository"
        try {
            git -c user.name=me -c user.email=me@example.org commit --quiet --allow-empty --message first
            (Start-ArtifactRun).GitCommit | Should -Be (git rev-parse HEAD)
        }
        finally { Pop-Location }
    }

    It "rejects the group '<_>'" -ForEach 'a/b', 'a b', '..' {
        Assert-Error { Start-ArtifactRun -Name x -Group $_ } InvalidArtifactRun InvalidArgument x
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'rejects a configuration that JSON cannot represent' {
        { Start-ArtifactRun -Config @{ block = { } } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMetadata,*'
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'excludes configuration keys with -ExcludeConfig' {
        $config = @{
            rows = 3; apiTOKEN = 's3cret'; list = @(@{ token = 's3cret' }); db = @{ user = 'me'; password = [securestring]::new() }
        }
        $run = Start-ArtifactRun -Config $config -ExcludeConfig *token*, password

        $null = Stop-ArtifactRun

        $run.Config.Keys | Sort-Object | Should -Be db, list, rows
        $run.Config.db.Keys | Should -Be user
        Get-ChildItem $env:ARTIFACTS_STORE -Recurse -File | Get-Content -Raw | Should -Not -Match s3cret
        { Start-ArtifactRun -Config $config -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMetadata,*'
    }

    It 'starts nothing under -WhatIf' {
        $before = Get-StoreKey
        Start-ArtifactRun -Name whatif -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    Context 'child processes and threads' {
        BeforeEach { $run = Start-ArtifactRun -Name parent -Group family }

        It 'includes ForEach-Object -Parallel' {
            $versions = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:manifestPath
                New-Artifact "parallel-$_" dataset -Metadata @{ group = $env:ARTIFACTS_RUN_GROUP } | Publish-Artifact -AllowEmpty
            }

            $versions.Count | Should -Be 4
            $versions.RunId | Select-Object -Unique | Should -Be $run.Id
            $versions.Metadata.group | Select-Object -Unique | Should -Be family
            (Get-ArtifactRun $run.Id).Outputs | Should -Be (1..4 | ForEach-Object { "parallel-${_}:v0" })
        }

        It 'includes jobs' {
            $null = New-TestVersion input @{ 'a.txt' = 'a' }
            $version = Start-Job {
                Import-Module $using:manifestPath
                $null = Use-Artifact input
                New-Artifact from-job dataset | Publish-Artifact -AllowEmpty
            } | Receive-Job -Wait -AutoRemoveJob

            $version.RunId | Should -Be $run.Id
            (Get-ArtifactRun $run.Id).Inputs | Should -Be input:v0
            (Get-ArtifactRun $run.Id).Outputs | Should -Contain from-job:v0
        }

        It 'includes child processes and their contributions' {
            $made = Invoke-InProcess {
                param($manifestPath)
                Import-Module $manifestPath
                Get-ArtifactRun -Current
                New-Artifact from-child dataset | Set-DistributedArtifact -AllowEmpty
            } -Arguments $manifestPath
            $null = Complete-DistributedArtifact from-child

            $made[0].Name | Should -Be parent
            $made[1].DistributedId | Should -Be family
            $made[1].RunId | Should -Be $run.Id
            (Get-ArtifactRun $run.Id).Outputs | Should -Be from-child:v0
        }

        It 'groups runs of child processes' {
            $child = Invoke-InProcess {
                param($manifestPath)
                Import-Module $manifestPath
                Start-ArtifactRun -Name child
                $null = Stop-ArtifactRun
            } -Arguments $manifestPath

            $child.Group | Should -Be family
            (Get-ArtifactRun -Group family).Name | Should -Contain child
            (Get-ArtifactRun -Current).Id | Should -Be $run.Id
        }

        It 'stays the current run after parallel runs' {
            $barrier = [Threading.Barrier]::new(4)
            $null = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:manifestPath
                $barrier = $using:barrier
                Invoke-ArtifactRun -Name sibling { $null = $barrier.SignalAndWait([TimeSpan]::FromMinutes(1)) }
            } -ThrottleLimit 4

            $env:ARTIFACTS_RUN_ID | Should -Be $run.Id
            $env:ARTIFACTS_RUN_GROUP | Should -Be family
        }
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Start-ArtifactRun' {
    AfterEach { while ($env:ARTIFACTS_RUN_ID) { $null = Stop-ArtifactRun } }

    It 'begins a run, and says so in the environment' {
        $run = Start-ArtifactRun -Name prepare -Group nightly -JobType load -Config @{ rate = 0.1; layers = 1, 2 }

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

    It 'records what is published from then on' {
        $before = New-TestVersion before @{ 'a.txt' = 'a' }
        $run = Start-ArtifactRun
        $version = New-TestVersion recorded @{ 'a.txt' = 'a' }
        $null = Stop-ArtifactRun
        $after = New-TestVersion after @{ 'a.txt' = 'a' }

        $version.RunId | Should -Be $run.Id
        "$($before.RunId)$($after.RunId)" | Should -BeNullOrEmpty
        (Get-ArtifactRun $run.Id).Outputs | Should -Be recorded:v0
    }

    It 'records equal content that was published again, too' {
        $null = New-TestVersion again @{ 'a.txt' = 'a' }
        $run = Start-ArtifactRun
        (New-TestVersion again @{ 'a.txt' = 'a' }).Deduplicated | Should -BeTrue

        (Get-ArtifactRun $run.Id).Outputs | Should -Be again:v0
    }

    It 'is named after the script, or else run' {
        $script = New-TestFile 'nightly build.ps1' 'Start-ArtifactRun; $null = Stop-ArtifactRun'

        (& $script).Name | Should -Be 'nightly build'
        (Start-ArtifactRun).Name | Should -Not -BeNullOrEmpty
    }

    It 'begins a run within a run, of the same group' {
        $outer = Start-ArtifactRun -Name outer -Group shared
        $inner = Start-ArtifactRun -Name inner
        $inner.Group | Should -Be shared
        (Get-ArtifactRun -Current).Name | Should -Be inner
        $null = Stop-ArtifactRun

        (Get-ArtifactRun -Current).Id | Should -Be $outer.Id
        $env:ARTIFACTS_RUN_ID | Should -Be $outer.Id
    }

    It 'takes the group from the environment' {
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

    It "refuses the group '<_>'" -ForEach 'a/b', 'a b', '..' {
        { Start-ArtifactRun -Group $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArtifactRun,*'
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'refuses a configuration that can''t be kept' {
        { Start-ArtifactRun -Config @{ block = { } } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMetadata,*'
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    It 'leaves out of the configuration what it is told to' {
        $config = @{ rows = 3; apiToken = 's3cret'; db = @{ user = 'me'; password = [securestring]::new() } }
        $run = Start-ArtifactRun -Config $config -ExcludeConfig *token*, password

        $run.Config.Keys | Sort-Object | Should -Be db, rows
        $run.Config.db.Keys | Should -Be user
        Get-ChildItem $env:ARTIFACTS_STORE/runs -Recurse -File | Get-Content -Raw | Should -Not -Match s3cret
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Start-ArtifactRun -Name whatif -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        $env:ARTIFACTS_RUN_ID | Should -BeNullOrEmpty
    }

    Context 'and what is started in it' {
        BeforeEach { $run = Start-ArtifactRun -Name parent -Group family }

        It 'has ForEach-Object -Parallel join it' {
            $versions = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:manifestPath
                New-Artifact "parallel-$_" dataset -Metadata @{ group = $env:ARTIFACTS_RUN_GROUP } | Publish-Artifact
            }

            $versions.Count | Should -Be 4
            $versions.RunId | Select-Object -Unique | Should -Be $run.Id
            $versions.Metadata.group | Select-Object -Unique | Should -Be family
            (Get-ArtifactRun $run.Id).Outputs | Should -Be (1..4 | ForEach-Object { "parallel-${_}:v0" })
        }

        It 'has jobs join it' {
            $null = New-TestVersion input @{ 'a.txt' = 'a' }
            $version = Start-Job {
                Import-Module $using:manifestPath
                $null = Use-Artifact input
                New-Artifact from-job dataset | Publish-Artifact
            } | Receive-Job -Wait -AutoRemoveJob

            $version.RunId | Should -Be $run.Id
            (Get-ArtifactRun $run.Id).Inputs | Should -Be input:v0
            (Get-ArtifactRun $run.Id).Outputs | Should -Contain from-job:v0
        }

        It 'has child processes join it, and contribute to what its group makes' {
            $made = Invoke-InProcess {
                param($manifestPath)
                Import-Module $manifestPath
                Get-ArtifactRun -Current
                New-Artifact from-child dataset | Set-DistributedArtifact
            } -Arguments $manifestPath
            $null = Complete-DistributedArtifact from-child

            $made[0].Name | Should -Be parent
            $made[1].DistributedId | Should -Be family
            $made[1].RunId | Should -Be $run.Id
            (Get-ArtifactRun $run.Id).Outputs | Should -Be from-child:v0
        }

        It 'has runs of child processes belong to the group' {
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

        It 'is the current run still after parallel runs of their own' {
            $null = 1..4 | ForEach-Object -Parallel {
                Import-Module $using:manifestPath
                $milliseconds = 50 * $_
                Invoke-ArtifactRun -Name sibling { Start-Sleep -Milliseconds $milliseconds }
            }

            $env:ARTIFACTS_RUN_ID | Should -Be $run.Id
            $env:ARTIFACTS_RUN_GROUP | Should -Be family
        }
    }
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $load = Invoke-ArtifactRun -Name Load -Group nightly -JobType etl {
        $null = New-TestVersion raw @{ 'a.txt' = 'a' }
        Get-ArtifactRun -Current
    }
    $train = Invoke-ArtifactRun -Name train -Group nightly {
        $null = Use-Artifact raw
        $null = New-TestVersion model @{ 'm.bin' = 'm' }
        Get-ArtifactRun -Current
    }
    $alone = Invoke-ArtifactRun -Name train { Get-ArtifactRun -Current }
}
AfterAll { Restore-Environment }

Describe 'Get-ArtifactRun' {
    It 'returns all runs, oldest first' {
        $runs = Get-ArtifactRun

        $runs.Id | Should -Be $load.Id, $train.Id, $alone.Id
        $runs[0].GetType().Name | Should -Be ArtifactRun
        $runs.Outcome | Select-Object -Unique | Should -Be Succeeded
    }

    It 'returns inputs and outputs of a run' {
        $run = Get-ArtifactRun $train.Id

        $run.Inputs | Should -Be raw:v0
        $run.Outputs | Should -Be model:v0
        (Get-ArtifactRun $load.Id).Inputs | Should -BeNullOrEmpty
    }

    It 'finds <Arguments>' -TestCases @(
        @{ Arguments = 'LOAD'; Found = 'load' }
        @{ Arguments = 'tr*'; Found = 'train', 'train' }
        @{ Arguments = 'load, train'; Found = 'load', 'train', 'train' }
        @{ Arguments = '-Group nightly'; Found = 'load', 'train' }
        @{ Arguments = '-Group night*, nosuch'; Found = 'load', 'train' }
        @{ Arguments = 'train -Group NIGHTLY'; Found = 'train' }
        @{ Arguments = '-Group n[a-j]*'; Found = 'load', 'train' }
    ) {
        (Invoke-Expression "Get-ArtifactRun $Arguments").Name | Should -Be $Found
    }

    It 'accepts ids and runs from the pipeline' {
        ($alone.Id, $load.Id | Get-ArtifactRun).Id | Should -Be $alone.Id, $load.Id
        ($train | Get-ArtifactRun).Id | Should -Be $train.Id
    }

    It 'returns nothing for a wildcard or group without match' {
        Get-ArtifactRun nosuch* | Should -BeNullOrEmpty
        Get-ArtifactRun -Group nosuch | Should -BeNullOrEmpty
    }

    It 'never takes <Text> for an id' -TestCases @(
        @{ Text = '../runs' }
        @{ Text = 'a/b' }
        @{ Text = 'a b' }
        @{ Text = 'con' }
    ) {
        Assert-Error { Get-ArtifactRun $Text } ArtifactRunNotFound ObjectNotFound $Text
        $null = Invoke-ArtifactRun -Name $Text {}
        (Get-ArtifactRun $Text).Name | Should -Be $Text
    }

    It 'reports a missing run and returns the others' {
        $found = Get-ArtifactRun nosuch, load -ErrorVariable problems -ErrorAction SilentlyContinue

        $found.Name | Should -Be load
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactRunNotFound,*'
        $problems[0].TargetObject | Should -Be nosuch
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'reports that no run is current' {
        Assert-Error { Get-ArtifactRun -Current } NoActiveRun InvalidOperation $null
    }

    It 'reports a current run that the store lacks' {
        $env:ARTIFACTS_RUN_ID = 'from-nowhere'
        try { { Get-ArtifactRun -Current -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactRunNotFound,*' }
        finally { $env:ARTIFACTS_RUN_ID = $null }
    }

    It 'is displayed as a table' {
        Get-ArtifactRun $train.Id | Out-String -Width 200 |
            Should -Match "$($train.Id)\s+train\s+nightly\s+Succeeded\s+\S+ \S+\s+model:v0"
    }
}

BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    $load = Invoke-ArtifactRun -Name 'load "raw"' -JobType etl {
        $null = New-TestVersion raw @{ 'a.txt' = 'a' }
        Get-ArtifactRun -Current
    }
    $train = Invoke-ArtifactRun -Name train {
        $null = Use-Artifact raw
        $null = New-TestVersion model @{ 'm.bin' = 'm' }
        Get-ArtifactRun -Current
    }
    $report = Invoke-ArtifactRun -Name report {
        $null = Use-Artifact raw
        $null = Use-Artifact model
        $null = New-TestVersion summary @{ 's.txt' = 's' }
        Get-ArtifactRun -Current
    }
}
AfterAll { Restore-Environment }

Describe 'Get-ArtifactLineage' {
    It 'returns runs and versions up- and downstream' {
        $nodes = Get-ArtifactLineage model:v0

        $nodes.Id | Should -Be $load.Id, raw:v0, $train.Id, model:v0, $report.Id, summary:v0
        $nodes.Level | Should -Be -3, -2, -1, 0, 1, 2
        $nodes.Kind | Should -Be Run, Version, Run, Version, Run, Version
        $nodes[0].Name | Should -Be 'load "raw"'
        $nodes[0].Type | Should -Be etl
        $nodes[3].Type | Should -Be dataset
        $nodes[2].From | Should -Be raw:v0
        $nodes[3].From | Should -Be $train.Id
        $nodes[5].Store | Should -Be $env:ARTIFACTS_STORE
        $nodes.IsGone | Should -Not -Contain $true
    }

    It 'walks <Direction>' -TestCases @(
        @{ Direction = 'Upstream'; Found = 'load "raw"', 'raw:v0', 'train', 'model:v0' }
        @{ Direction = 'Downstream'; Found = 'model:v0', 'report', 'summary:v0' }
    ) {
        (Get-ArtifactLineage model -Direction $Direction).Name | Should -Be $Found
    }

    It 'stops at -Depth' {
        (Get-ArtifactLineage model -Depth 1).Name | Should -Be train, model:v0, report
        (Get-ArtifactLineage raw -Direction Downstream -Depth 1).Name | Sort-Object | Should -Be raw:v0, report, train
    }

    It 'returns all inputs of a run' {
        $nodes = Get-ArtifactLineage summary -Direction Upstream

        ($nodes | Where-Object Name -EQ report).From | Should -Be model:v0, raw:v0
    }

    It 'accepts versions from the pipeline' {
        (Get-Artifact model | Get-ArtifactLineage -Direction Upstream -Depth 1).Name | Should -Be train, model:v0
    }

    It 'ends at cycles' {
        $null = New-TestVersion loop @{ 'a.txt' = '0' }
        Invoke-ArtifactRun -Name loops { $null = Use-Artifact loop; $null = New-TestVersion loop @{ 'a.txt' = '0' } }

        (Get-ArtifactLineage loop).Name | Should -Contain loops
    }

    It 'marks a deleted version as gone' {
        Invoke-ArtifactRun -Name feeds { $null = New-TestVersion fleeting @{ 'a.txt' = 'f' } }
        Invoke-ArtifactRun -Name eats { $null = Use-Artifact fleeting; $null = New-TestVersion lasting @{ 'a.txt' = 'l' } }
        Remove-Artifact fleeting:latest -Confirm:$false
        $nodes = Get-ArtifactLineage lasting

        $nodes.Name | Should -Be feeds, fleeting:v0, eats, lasting:v0
        $nodes.IsGone | Should -Be $false, $true, $false, $false
        $nodes | Out-String -Width 200 | Should -Match 'fleeting:v0 \(gone\)'
        Get-ArtifactLineage lasting -As Mermaid | Should -Match ':::gone'
        Get-ArtifactLineage lasting -As Dot | Should -Match dashed
    }

    It 'marks a run without record as gone' {
        $id = Invoke-ArtifactRun -Name forgets { $null = New-TestVersion forgotten @{ 'a.txt' = 'g' }; (Get-ArtifactRun -Current).Id }
        Remove-Item "$env:ARTIFACTS_STORE/runs/$id" -Recurse -Force

        (Get-ArtifactLineage forgotten | Where-Object IsGone).Id | Should -Be $id
    }

    It 'returns only the version if no run used it' {
        $null = New-TestVersion lonely @{ 'a.txt' = 'a' }

        (Get-ArtifactLineage lonely).Id | Should -Be lonely:v0
    }

    It 'returns all runs that created a version' {
        1..2 | ForEach-Object {
            Invoke-ArtifactRun -Name "part $_" -Group together {
                $draft = New-Artifact joint dataset
                "text $_" | Add-ArtifactObject -Artifact $draft -Name "$_.txt"
                $null = $draft | Set-DistributedArtifact
            }
        }
        Invoke-ArtifactRun -Name whole -Group together { $null = Complete-DistributedArtifact joint }

        (Get-ArtifactLineage joint).Name | Should -Be 'part 1', 'part 2', 'whole', 'joint:v0'
    }

    It 'returns a Mermaid diagram' {
        $text = Get-ArtifactLineage model -As Mermaid

        $text | Should -BeOfType string
        $text | Should -Match '^flowchart LR\n'
        $text | Should -Match 'n1\["raw:v0"\]'
        $text | Should -Match 'n2\(\["train<br/>'
        $text | Should -Match 'n1 --> n2'
        $text | Should -Match 'load #34;raw#34;'
    }

    It 'returns a Graphviz diagram' {
        $text = Get-ArtifactLineage model -As Dot
        $text | Should -Match '^digraph lineage \{'
        $text | Should -Match 'n0 -> n1;'
        $text.Contains('load \"raw\"') | Should -BeTrue

        if (Get-Command dot -ErrorAction Ignore) {
            $text | dot -Tplain | Should -Contain 'stop'
            $LASTEXITCODE | Should -Be 0
        }
    }

    It 'is displayed as a table' {
        Get-ArtifactLineage model | Out-String -Width 200 | Should -Match '(?s)-1\s+Run\s+train\s+raw:v0\s.*0\s+Version\s+model:v0\s+\S'
    }

    It 'reports <Name>, which is missing' -TestCases @(
        @{ Name = 'nosuch'; Id = 'ArtifactNotFound' }
        @{ Name = 'model:v9'; Id = 'ArtifactVersionNotFound' }
    ) {
        Assert-Error { Get-ArtifactLineage $Name } $Id ObjectNotFound $Name
    }
}

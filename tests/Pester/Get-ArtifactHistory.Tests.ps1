BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactHistory' {
    BeforeAll {
        $v0 = New-TestVersion Lived @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod' }
        $v1 = New-TestVersion lived @{ 'a.txt' = 'b' }
        Set-ArtifactAlias lived:v1 prod
        Set-Artifact lived:v0 -AddTag old
        Remove-ArtifactAlias lived prod
        Remove-Artifact lived:v0 -Confirm:$false
    }

    It 'returns numbered transactions, oldest first' {
        $history = Get-ArtifactHistory lived

        $history.Number | Should -Be (1..6)
        $history[0].Actions | Should -Be 'published v0', 'alias prod -> v0'
        $history[1].Actions | Should -Be 'published v1'
        $history[2].Actions | Should -Be 'alias prod -> v1'
        $history[3].Actions | Should -BeLike '*v0*+old*'
        $history[4].Actions | Should -Be 'removed alias prod'
        $history[5].Actions | Should -Be 'deleted v0'
        $history.Artifact | Select-Object -Unique | Should -BeExactly Lived
        $history.By | Select-Object -Unique | Should -Be $v0.CreatedBy
        $history.At | Should -Be ($history.At | Sort-Object)
        $history[0].At | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        $history[0].At | Should -BeLessThan ([DateTime]::Now.AddMinutes(1))
        $history[0].By | Should -Be "$([Environment]::UserName)@$([Environment]::MachineName)"
    }

    It 'returns transactions of one version, even if deleted' {
        (Get-ArtifactHistory lived:v0).Number | Should -Be 1, 4, 6
        (Get-ArtifactHistory lived:latest).Number | Should -Be 2, 3
        ($v1 | Get-ArtifactHistory).Number | Should -Be 2, 3
    }

    It 'returns transactions of an artifact without versions' {
        New-Artifact gone dataset | Publish-Artifact -AllowEmpty | Remove-Artifact -Confirm:$false

        (Get-ArtifactHistory gone).Actions | Should -Be 'published v0', 'deleted v0'
    }

    It 'has no new transaction after publishing equal content' {
        $null = New-TestVersion lived @{ 'a.txt' = 'b' }

        @(Get-ArtifactHistory lived).Count | Should -Be 6
    }

    It 'returns transactions across checkpoints' {
        $null = New-Artifact long dataset | Publish-Artifact -AllowEmpty
        1..70 | ForEach-Object { Set-ArtifactAlias long "alias $_" }

        (Get-ArtifactHistory long).Number | Should -Be (1..71)
        (Get-Artifact long).Aliases.Count | Should -Be 71
    }

    It 'reports <Name>, which is missing' -TestCases @(
        @{ Name = 'unknown'; Id = 'ArtifactNotFound,*' }
        @{ Name = 'lived:nobody'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'lived:v99'; Id = 'ArtifactVersionNotFound,*' }
    ) {
        { Get-ArtifactHistory $Name -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'reports a missing artifact and returns the others' {
        $history = 'unknown', 'long' | Get-ArtifactHistory -ErrorVariable problems -ErrorAction SilentlyContinue

        $history.Count | Should -Be 71
        $problems[0].TargetObject | Should -Be unknown
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        "$($problems[0])" | Should -BeLike '*unknown*Get-Artifact*'
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactHistory' {
    BeforeAll {
        $v0 = New-TestVersion lived @{ 'a.txt' = 'a' } -Publish @{ Alias = 'prod' }
        $v1 = New-TestVersion lived @{ 'a.txt' = 'b' }
        Set-ArtifactAlias lived:v1 prod
        Set-Artifact lived:v0 -AddTag old
        Remove-ArtifactAlias lived prod
        Remove-Artifact lived:v0
    }

    It 'shows who did what and when, the first first' {
        $history = Get-ArtifactHistory lived

        $history.Number | Should -Be (1..6)
        $history[0].Actions | Should -Be 'published v0', 'alias prod -> v0'
        $history[1].Actions | Should -Be 'published v1'
        $history[2].Actions | Should -Be 'alias prod -> v1'
        $history[3].Actions | Should -BeLike '*v0*+old*'
        $history[4].Actions | Should -Be 'removed alias prod'
        $history[5].Actions | Should -Be 'deleted v0'
        $history.Artifact | Select-Object -Unique | Should -Be lived
        $history.By | Select-Object -Unique | Should -Be $v0.CreatedBy
        $history.At | Should -Be ($history.At | Sort-Object)
    }

    It 'shows only what concerns a version, even one that was deleted' {
        (Get-ArtifactHistory lived:v0).Number | Should -Be 1, 4, 6
        (Get-ArtifactHistory lived:latest).Number | Should -Be 2, 3
        ($v1 | Get-ArtifactHistory).Number | Should -Be 2, 3
    }

    It 'shows the history of an artifact whose versions are all deleted' {
        New-Artifact gone dataset | Publish-Artifact | Remove-Artifact

        (Get-ArtifactHistory gone).Actions | Should -Be 'published v0', 'deleted v0'
    }

    It 'has nothing new after equal content was published' {
        $null = New-TestVersion lived @{ 'a.txt' = 'b' }

        @(Get-ArtifactHistory lived).Count | Should -Be 6
    }

    It 'goes past a checkpoint' {
        $null = New-Artifact long dataset | Publish-Artifact
        1..35 | ForEach-Object { Set-ArtifactAlias long "alias $_" }

        (Get-ArtifactHistory long).Number | Should -Be (1..36)
        (Get-Artifact long).Aliases.Count | Should -Be 36
    }

    It 'has an error for <Name>' -TestCases @(
        @{ Name = 'unknown'; Id = 'ArtifactNotFound,*' }
        @{ Name = 'lived:nobody'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'lived:v99'; Id = 'ArtifactVersionNotFound,*' }
    ) {
        { Get-ArtifactHistory $Name -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
}

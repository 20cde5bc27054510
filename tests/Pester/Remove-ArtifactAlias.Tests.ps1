BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-ArtifactAlias' {
    BeforeAll {
        $v0 = New-TestVersion named @{ 'a.txt' = 'a' }
        $v1 = New-TestVersion named @{ 'a.txt' = 'b' }
    }

    BeforeEach {
        Set-ArtifactAlias named:v0 prod, 'release 日本'
        Set-ArtifactAlias named:v1 beta
    }

    It 'takes an alias off whichever version has it' {
        Remove-ArtifactAlias named PROD | Should -BeNullOrEmpty

        (Get-Artifact named:v0).Aliases | Should -Be 'release 日本'
        { Get-Artifact named:prod -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'takes several off, from several versions' {
        Remove-ArtifactAlias named prod, beta

        (Get-Artifact named -AllVersions).Aliases | Should -Be 'release 日本', latest
    }

    It 'takes it off the version that comes down the pipeline' {
        $v0 | Remove-ArtifactAlias -Alias prod

        (Get-Artifact named:v0).Aliases | Should -Be 'release 日本'
    }

    It 'refuses when the version that is named doesn''t have it' {
        { Remove-ArtifactAlias named:v1 prod -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'

        (Get-Artifact named:prod).Reference | Should -Be 'named:v0'
    }

    It 'refuses to remove <_>' -ForEach 'latest', 'LATEST' {
        { Remove-ArtifactAlias named $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArtifactAlias,*'

        (Get-Artifact named).Reference | Should -Be 'named:v1'
    }

    It 'has an error for an alias that isn''t there, and removes the others' {
        Remove-ArtifactAlias named nobody, prod -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        Get-Artifact named -Alias prod | Should -BeNullOrEmpty
    }

    It 'writes the version with -PassThru' {
        (Remove-ArtifactAlias named prod -PassThru).Reference | Should -Be 'named:v0'
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-ArtifactAlias named prod -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

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

    It 'removes an alias from its version' {
        Remove-ArtifactAlias named PROD | Should -BeNullOrEmpty

        (Get-Artifact named:v0).Aliases | Should -Be 'release 日本'
        { Get-Artifact named:prod -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'removes aliases from several versions' {
        Remove-ArtifactAlias named prod, beta

        (Get-Artifact named -AllVersions).Aliases | Should -Be 'release 日本', latest
    }

    It 'removes several aliases in one transaction' {
        $before = @(Get-ArtifactHistory named).Count
        Remove-ArtifactAlias named prod, beta

        @(Get-ArtifactHistory named).Count | Should -Be ($before + 1)
    }

    It 'removes an alias of a version from the pipeline' {
        $v0 | Remove-ArtifactAlias -Alias prod

        (Get-Artifact named:v0).Aliases | Should -Be 'release 日本'
    }

    It 'rejects an alias of another version' {
        Assert-Error { Remove-ArtifactAlias named:v1 prod } ArtifactVersionNotFound ObjectNotFound named:v1 named:prod
        Assert-Error { $v1 | Remove-ArtifactAlias -Alias prod } ArtifactVersionNotFound ObjectNotFound $v1 named:prod

        (Get-Artifact named:prod).Reference | Should -Be 'named:v0'
    }

    It 'rejects removing <_>' -ForEach 'latest', 'LATEST' {
        Assert-Error { Remove-ArtifactAlias named $_ } InvalidArtifactAlias InvalidArgument named $_

        (Get-Artifact named).Reference | Should -Be 'named:v1'
    }

    It 'reports a missing alias and removes the others' {
        Assert-Error { Remove-ArtifactAlias named nobody, prod } ArtifactVersionNotFound ObjectNotFound named named:nobody

        Get-Artifact named -Alias prod | Should -BeNullOrEmpty
    }

    It 'returns the version with -PassThru' {
        (Remove-ArtifactAlias named prod -PassThru).Reference | Should -Be 'named:v0'
    }

    It 'removes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-ArtifactAlias named prod -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

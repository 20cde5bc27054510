BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-ArtifactAlias' {
    BeforeAll {
        $v0 = New-TestVersion named @{ 'a.txt' = 'a' }
        $v1 = New-TestVersion named @{ 'a.txt' = 'b' }
    }

    It 'adds an alias to a version, without output' {
        Set-ArtifactAlias named:v0 prod | Should -BeNullOrEmpty

        (Get-Artifact named:prod).Reference | Should -Be 'named:v0'
    }

    It 'moves an alias from another version' {
        Set-ArtifactAlias named:v0 moving
        Set-ArtifactAlias named:v1 Moving

        (Get-Artifact named:moving).Reference | Should -Be 'named:v1'
        (Get-Artifact named:v0).Aliases | Should -Not -Contain moving
        (Get-Artifact named:v1).Aliases | Should -Contain Moving
    }

    It 'sets several aliases in one transaction' {
        $before = @(Get-ArtifactHistory named).Count
        Set-ArtifactAlias named:v0 'release 日本', '2024-06'

        (Get-Artifact named:v0).Aliases | Should -Contain 'release 日本'
        (Get-Artifact named:2024-06).Reference | Should -Be 'named:v0'
        @(Get-ArtifactHistory named).Count | Should -Be ($before + 1)
    }

    It 'accepts piped versions and names with an alias' {
        $v0 | Set-ArtifactAlias -Alias piped
        Set-ArtifactAlias named:piped again

        (Get-Artifact named:again).Reference | Should -Be 'named:v0'
    }

    It 'returns the version with -PassThru' {
        (Set-ArtifactAlias named:v0 shown -PassThru).Aliases | Should -Contain shown
    }

    It "rejects the alias '<_>'" -ForEach 'v3', 'a/b', 'a:b', 'a@b', ' x', 'end ', ('x' * 129) {
        Assert-Error { Set-ArtifactAlias named:v0 $_ } InvalidArtifactAlias InvalidArgument named:v0 $_
    }

    It 'sets no alias when one is invalid' {
        Set-ArtifactAlias named:v0 fine, v7 -ErrorAction SilentlyContinue

        (Get-Artifact named:v0).Aliases | Should -Not -Contain fine
    }

    It 'reports a missing version' {
        Assert-Error { Set-ArtifactAlias named:v9 prod } ArtifactVersionNotFound ObjectNotFound named:v9
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-StoreKey
        Set-ArtifactAlias named:v0 whatif -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

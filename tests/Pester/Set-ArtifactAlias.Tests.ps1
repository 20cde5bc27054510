BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-ArtifactAlias' {
    BeforeAll {
        $v0 = New-TestVersion named @{ 'a.txt' = 'a' }
        $v1 = New-TestVersion named @{ 'a.txt' = 'b' }
    }

    It 'puts an alias on a version, and writes nothing' {
        Set-ArtifactAlias named:v0 prod | Should -BeNullOrEmpty

        (Get-Artifact named:prod).Reference | Should -Be 'named:v0'
    }

    It 'takes it off the version that had it' {
        Set-ArtifactAlias named:v0 moving
        Set-ArtifactAlias named:v1 Moving

        (Get-Artifact named:moving).Reference | Should -Be 'named:v1'
        (Get-Artifact named:v0).Aliases | Should -Not -Contain moving
        (Get-Artifact named:v1).Aliases | Should -Contain Moving
    }

    It 'sets several in one transaction' {
        $before = @(Get-ArtifactHistory named).Count
        Set-ArtifactAlias named:v0 'release 日本', '2024-06'

        (Get-Artifact named:v0).Aliases | Should -Contain 'release 日本'
        (Get-Artifact named:2024-06).Reference | Should -Be 'named:v0'
        @(Get-ArtifactHistory named).Count | Should -Be ($before + 1)
    }

    It 'takes versions down the pipeline, and another alias as the name' {
        $v0 | Set-ArtifactAlias -Alias piped
        Set-ArtifactAlias named:piped again

        (Get-Artifact named:again).Reference | Should -Be 'named:v0'
    }

    It 'writes the version with -PassThru' {
        (Set-ArtifactAlias named:v0 shown -PassThru).Aliases | Should -Contain shown
    }

    It "refuses the alias '<_>'" -ForEach 'v3', 'a/b', 'a:b', 'a@b', 'end ', ('x' * 129) {
        { Set-ArtifactAlias named:v0 $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArtifactAlias,*'
    }

    It 'sets none when one is refused' {
        Set-ArtifactAlias named:v0 fine, v7 -ErrorAction SilentlyContinue

        (Get-Artifact named:v0).Aliases | Should -Not -Contain fine
    }

    It 'has an error for a version that isn''t there' {
        { Set-ArtifactAlias named:v9 prod -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Set-ArtifactAlias named:v0 whatif -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

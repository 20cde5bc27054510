BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-Artifact' {
    BeforeEach {
        $name = 'removed-' + [IO.Path]::GetRandomFileName()
        $v0, $v1, $v2 = 'a', 'b', 'c' | ForEach-Object { New-TestVersion $name @{ 'a.txt' = $_ } }
    }

    It 'keeps the newest versions, and those with aliases, with -KeepLast' {
        foreach ($text in 1..4) { $null = New-TestVersion kept @{ 'a.txt' = "$text" } }
        Set-ArtifactAlias kept:v0 prod

        Remove-Artifact kept -KeepLast 2 -WhatIf
        (Get-Artifact kept -AllVersions).Count | Should -Be 4
        Remove-Artifact kept -KeepLast 2

        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
    }

    It 'deletes a version, and writes nothing' {
        Remove-Artifact "${name}:v1" | Should -BeNullOrEmpty

        (Get-Artifact $name -AllVersions).Version | Should -Be v0, v2
    }

    It 'moves latest when the latest is deleted' {
        Remove-Artifact $name

        (Get-Artifact $name).Version | Should -Be v1
    }

    It 'does not use the number again' {
        Remove-Artifact "${name}:v2"

        (New-TestVersion $name @{ 'a.txt' = 'd' }).Version | Should -Be v3
    }

    It 'publishes the content of a deleted version anew' {
        Remove-Artifact "${name}:v0"
        $again = New-TestVersion $name @{ 'a.txt' = 'a' }

        $again.Version | Should -Be v3
        $again.Deduplicated | Should -BeFalse
    }

    It 'refuses a version with an alias, names it, and deletes the version with -Force' {
        Set-ArtifactAlias "${name}:v0" prod
        { Remove-Artifact "${name}:v0" -ErrorAction Stop } | Should -Throw -ErrorId 'AliasInUse,*' -ExpectedMessage '*prod*'
        (Get-Artifact "${name}:prod").Version | Should -Be v0
        Remove-Artifact "${name}:v0" -Force

        { Get-Artifact "${name}:prod" -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'deletes all versions with -AllVersions' {
        Remove-Artifact $name -AllVersions

        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }

    It 'deletes none with -AllVersions when one has an alias' {
        Set-ArtifactAlias "${name}:v1" prod
        { Remove-Artifact $name -AllVersions -ErrorAction Stop } | Should -Throw -ErrorId 'AliasInUse,*'

        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
    }

    It 'deletes exactly the versions that come down the pipeline' {
        $v0, $v1 | Remove-Artifact

        (Get-Artifact $name -AllVersions).Version | Should -Be v2
    }

    It 'has an error for a version that isn''t there, and deletes the others' {
        "${name}:v9", "${name}:v0" | Remove-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        (Get-Artifact $name -AllVersions).Version | Should -Be v1, v2
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-Artifact $name -AllVersions -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Remove-Artifact' {
    BeforeEach {
        $name = 'removed-' + [IO.Path]::GetRandomFileName()
        $v0, $v1, $v2 = 'a', 'b', 'c' | ForEach-Object { New-TestVersion $name @{ 'a.txt' = $_ } }
    }

    It 'keeps the newest and aliased versions with -KeepLast' {
        foreach ($text in 1..4) { $null = New-TestVersion kept @{ 'a.txt' = "$text" } }
        Set-ArtifactAlias kept:v0 prod

        Remove-Artifact kept -KeepLast 2 -WhatIf
        (Get-Artifact kept -AllVersions).Count | Should -Be 4
        Remove-Artifact kept -KeepLast 2

        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
        Get-Artifact kept -AllVersions | Remove-Artifact -KeepLast 2
        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
        Remove-Artifact kept -KeepLast 4
        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
    }

    It 'reports each version deleted by -KeepLast under -Verbose' {
        $messages = Remove-Artifact $name -KeepLast 1 -Verbose 4>&1

        @($messages -like "*${name}:v0.*").Count | Should -Be 1
        @($messages -like "*${name}:v1.*").Count | Should -Be 1
    }

    It 'rejects -KeepLast 0' {
        { Remove-Artifact $name -KeepLast 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'rejects a wildcard' {
        Assert-Error { Remove-Artifact 'removed*' } InvalidArtifactName InvalidArgument 'removed*' 'removed*'

        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
    }

    It 'deletes a version, without output' {
        Remove-Artifact "${name}:v1" | Should -BeNullOrEmpty

        (Get-Artifact $name -AllVersions).Version | Should -Be v0, v2
    }

    It 'moves latest after deleting the latest version' {
        Remove-Artifact $name

        (Get-Artifact $name).Version | Should -Be v1
    }

    It 'does not reuse version numbers' {
        Remove-Artifact "${name}:v2"

        (New-TestVersion $name @{ 'a.txt' = 'd' }).Version | Should -Be v3
    }

    It 'allows publishing deleted content again' {
        Remove-Artifact "${name}:v0"
        $again = New-TestVersion $name @{ 'a.txt' = 'a' }

        $again.Version | Should -Be v3
        $again.Deduplicated | Should -BeFalse
    }

    It 'deletes a version with aliases only with -Force' {
        Set-ArtifactAlias "${name}:v0" prod, stable
        Assert-Error { Remove-Artifact "${name}:v0" } AliasInUse ResourceBusy "${name}:v0" prod, stable, '-Force'
        (Get-Artifact "${name}:prod").Version | Should -Be v0
        $messages = Remove-Artifact "${name}:v0" -Force -Verbose 4>&1

        "$messages" | Should -BeLike '*prod, stable*'
        { Get-Artifact "${name}:prod" -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'deletes all versions with -AllVersions' {
        Remove-Artifact $name -AllVersions

        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }

    It 'deletes aliased versions with -AllVersions only with -Force' {
        Set-ArtifactAlias "${name}:v1" prod
        Assert-Error { Remove-Artifact $name -AllVersions } AliasInUse ResourceBusy $name '-Force'
        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
        Remove-Artifact $name -AllVersions -Force

        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        (New-TestVersion $name @{ 'a.txt' = 'again' }).Version | Should -Be v3
    }

    It 'deletes the exact versions from the pipeline' {
        $v0, $v1 | Remove-Artifact

        (Get-Artifact $name -AllVersions).Version | Should -Be v2
    }

    It 'reports a missing version and deletes the others' {
        "${name}:v9", "${name}:v0" | Remove-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        $problems[0].TargetObject | Should -Be "${name}:v9"
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        (Get-Artifact $name -AllVersions).Version | Should -Be v1, v2
    }

    It 'reports an aliased version and deletes the others' {
        Set-ArtifactAlias "${name}:v1" prod
        Get-Artifact $name -AllVersions | Remove-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems.FullyQualifiedErrorId | Should -BeLike 'AliasInUse,*'
        (Get-Artifact $name -AllVersions).Version | Should -Be v1
        (Get-Artifact $name).Aliases | Should -Be latest, prod
    }

    It 'deletes nothing under -WhatIf' {
        $before = Get-StoreKey
        Remove-Artifact $name -AllVersions -WhatIf

        Get-StoreKey | Should -Be $before
    }
}

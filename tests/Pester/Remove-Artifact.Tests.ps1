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
        Remove-Artifact kept -KeepLast 2 -Confirm:$false

        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
        Get-Artifact kept -AllVersions | Remove-Artifact -KeepLast 2 -Confirm:$false
        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
        Remove-Artifact kept -KeepLast 4 -Confirm:$false
        (Get-Artifact kept -AllVersions).Version | Should -Be v0, v2, v3
    }

    It 'reports each version deleted by -KeepLast under -Verbose' {
        $messages = Remove-Artifact $name -KeepLast 1 -Confirm:$false -Verbose 4>&1

        @($messages -like "*${name}:v0.*").Count | Should -Be 1
        @($messages -like "*${name}:v1.*").Count | Should -Be 1
    }

    It 'rejects -KeepLast 0' {
        { Remove-Artifact $name -KeepLast 0 -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'rejects a name or pattern without a version' {
        Assert-Error { Remove-Artifact $name -Confirm:$false } AmbiguousRemoval InvalidArgument $name "${name}:v3", '-AllVersions', '-KeepLast'
        Assert-Error { Remove-Artifact 'removed*' -Confirm:$false } AmbiguousRemoval InvalidArgument 'removed*' 'removed*'
        Assert-Error { [pscustomobject]@{ Name = $name } | Remove-Artifact -Confirm:$false } AmbiguousRemoval InvalidArgument

        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
    }

    It 'deletes the versions that a pattern matches' {
        $other = "other-$name"
        $null = New-TestVersion $other @{ 'a.txt' = 'a' }
        Set-ArtifactAlias "${name}:v1" old

        Remove-Artifact "$name*:old" -Force -Confirm:$false
        (Get-Artifact $name -AllVersions).Version | Should -Be v0, v2
        Remove-Artifact "${name}:v*" -Confirm:$false
        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        (Get-Artifact $other).Version | Should -Be v0
        Remove-Artifact 'matches-nothing*:v1' -Confirm:$false | Should -BeNullOrEmpty
    }

    It 'deletes older versions of the artifacts that a pattern matches' {
        Remove-Artifact "$name*" -KeepLast 1 -Confirm:$false

        (Get-Artifact $name -AllVersions).Version | Should -Be v2
    }

    It 'asks for confirmation by default' {
        $attribute = (Get-Command Remove-Artifact).ImplementingType.GetCustomAttributes($true) |
            Where-Object { $_ -is [Management.Automation.CmdletAttribute] }

        $attribute.ConfirmImpact | Should -Be High
    }

    It 'names each version under -WhatIf' -ForEach @(
        @{ Arguments = @{ AllVersions = $true }; Named = 'v0', 'v1', 'v2' }
        @{ Arguments = @{ KeepLast = 1 }; Named = 'v0', 'v1' }
    ) {
        $text = Invoke-InProcess {
            param($Manifest, $Store, $Name, $Arguments)
            Import-Module $Manifest
            Remove-Artifact $Name @Arguments -Store $Store -WhatIf
        } $manifestPath, $env:ARTIFACTS_STORE, $name, $Arguments | Out-String

        foreach ($version in $Named) { $text | Should -BeLike "*${name}:$version*" }
        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
    }

    It 'deletes a version, without output' {
        Remove-Artifact "${name}:v1" -Confirm:$false | Should -BeNullOrEmpty

        (Get-Artifact $name -AllVersions).Version | Should -Be v0, v2
    }

    It 'moves latest after deleting the latest version' {
        Remove-Artifact "${name}:latest" -Confirm:$false

        (Get-Artifact $name).Version | Should -Be v1
    }

    It 'does not reuse version numbers' {
        Remove-Artifact "${name}:v2" -Confirm:$false

        (New-TestVersion $name @{ 'a.txt' = 'd' }).Version | Should -Be v3
    }

    It 'allows publishing deleted content again' {
        Remove-Artifact "${name}:v0" -Confirm:$false
        $again = New-TestVersion $name @{ 'a.txt' = 'a' }

        $again.Version | Should -Be v3
        $again.Deduplicated | Should -BeFalse
    }

    It 'deletes a version with aliases only with -Force' {
        Set-ArtifactAlias "${name}:v0" prod, stable
        Assert-Error { Remove-Artifact "${name}:v0" -Confirm:$false } AliasInUse ResourceBusy "${name}:v0" prod, stable, '-Force'
        (Get-Artifact "${name}:prod").Version | Should -Be v0
        $messages = Remove-Artifact "${name}:v0" -Force -Confirm:$false -Verbose 4>&1

        "$messages" | Should -BeLike '*prod, stable*'
        { Get-Artifact "${name}:prod" -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactVersionNotFound,*'
    }

    It 'deletes all versions with -AllVersions' {
        Remove-Artifact $name -AllVersions -Confirm:$false

        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }

    It 'deletes aliased versions with -AllVersions only with -Force' {
        Set-ArtifactAlias "${name}:v1" prod
        Assert-Error { Remove-Artifact $name -AllVersions -Confirm:$false } AliasInUse ResourceBusy $name '-Force'
        @(Get-Artifact $name -AllVersions).Count | Should -Be 3
        Remove-Artifact $name -AllVersions -Force -Confirm:$false

        { Get-Artifact $name -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        (New-TestVersion $name @{ 'a.txt' = 'again' }).Version | Should -Be v3
    }

    It 'deletes the exact versions from the pipeline' {
        $v0, $v1 | Remove-Artifact -Confirm:$false

        (Get-Artifact $name -AllVersions).Version | Should -Be v2
    }

    It 'deletes piped versions of an artifact in one transaction' {
        $before = @(Get-ArtifactHistory $name).Count
        $messages = $v0, $v1 | Remove-Artifact -Confirm:$false -Verbose 4>&1

        @(Get-ArtifactHistory $name).Count | Should -Be ($before + 1)
        @($messages -like 'Deleted*').Count | Should -Be 2
    }

    It 'deletes the versions before an error that stops the command' {
        { "${name}:v0", "${name}:v9", "${name}:v1" | Remove-Artifact -ErrorAction Stop -Confirm:$false } |
            Should -Throw -ErrorId 'ArtifactVersionNotFound,*'

        (Get-Artifact $name -AllVersions).Version | Should -Be v1, v2
    }

    It 'reports a missing version and deletes the others' {
        "${name}:v9", "${name}:v0" | Remove-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue -Confirm:$false

        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactVersionNotFound,*'
        $problems[0].TargetObject | Should -Be "${name}:v9"
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        (Get-Artifact $name -AllVersions).Version | Should -Be v1, v2
    }

    It 'reports an aliased version and deletes the others' {
        Set-ArtifactAlias "${name}:v1" prod
        Get-Artifact $name -AllVersions | Remove-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue -Confirm:$false

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

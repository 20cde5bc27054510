BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Copy-Artifact' {
    BeforeAll {
        $null = New-TestVersion mnist @{ 'labels.csv' = '0'; 'größe [1].txt' = 'x' } @{ Alias = 'first'; Tag = 'raw' }
        $null = New-TestVersion mnist @{ 'labels.csv' = '1'; 'größe [1].txt' = 'x' } @{ Alias = 'prod' }
    }

    BeforeEach {
        $other = Join-Path $TestDrive "other $([guid]::NewGuid())"
        $null = New-ArtifactStore $other
    }

    It 'copies a version with its digest and description' {
        $null = New-Artifact described dataset -Description why -Metadata @{ a = 1; b = 1, 2 } -Tag t |
            Add-ArtifactFile -LiteralPath "$TestDrive/sources/größe [1].txt" | Publish-Artifact -Alias prod
        $copy = Copy-Artifact described:prod $other

        $copy.Reference | Should -Be described:v0
        $copy.Digest | Should -Be (Get-Artifact described).Digest
        $copy.Store | Should -Be $other
        $copy.Description | Should -Be why
        $copy.Metadata.b | Should -Be 1, 2
        $copy.Tags | Should -Be t
        $copy.Aliases | Should -Be latest
        $copy | Get-ArtifactContent -LiteralPath 'größe [1].txt' | Should -Be x
        Test-Artifact described -Store $other -Quiet | Should -BeTrue
    }

    It 'copies to a registered store and completes its name' {
        Register-ArtifactStore elsewhere $other
        try {
            (Copy-Artifact mnist elsewhere).Store | Should -Be $other
            $line = 'Copy-Artifact mnist else'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be elsewhere
        }
        finally { Unregister-ArtifactStore elsewhere }
    }

    It 'gives the copy the requested aliases' {
        (Copy-Artifact mnist:first $other -Alias old, older).Aliases | Should -Be latest, old, older
        (Copy-Artifact mnist:prod $other -KeepAlias).Aliases | Should -Be latest, prod
    }

    It 'copies all live versions, oldest first, with their aliases' {
        $null = New-TestVersion three @{ 'a' = '0' } @{ Alias = 'first' }
        $null = New-TestVersion three @{ 'a' = '1' }
        $null = New-TestVersion three @{ 'a' = '2' } @{ Alias = 'prod' }
        Remove-Artifact three:v1 -Confirm:$false
        $copies = Copy-Artifact three $other -AllVersions -KeepAlias

        $copies.Reference | Should -Be three:v0, three:v1
        Get-ArtifactContent three:first a -Store $other | Should -Be 0
        Get-ArtifactContent three:prod a -Store $other | Should -Be 2
        (Get-Artifact three -Store $other).Aliases | Should -Be latest, prod
    }

    It 'copies versions from the pipeline' {
        $null = New-TestVersion net @{ 'weights.bin' = 'w' }

        (Get-Artifact mnist, net | Copy-Artifact -Destination $other).Name | Should -Be mnist, net
    }

    It 'numbers the copy after existing versions' {
        $null = New-Artifact mnist dataset -Store $other | Publish-Artifact -AllowEmpty

        (Copy-Artifact mnist $other).Version | Should -Be v1
    }

    It 'returns the existing copy of equal content' {
        $null = Copy-Artifact mnist $other -AllVersions
        $before = @(Get-ChildItem $other -Recurse -File).Count

        (Copy-Artifact mnist:first $other).Deduplicated | Should -BeTrue
        @(Get-ChildItem $other -Recurse -File).Count | Should -Be $before
        (Get-Artifact mnist -Store $other).Version | Should -Be v1
    }

    It 'warns about another description of the existing copy' {
        $null = New-TestVersion redescribed @{ 'a' = '0' }
        $null = Copy-Artifact redescribed $other
        $null = Copy-Artifact redescribed $other -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        Set-Artifact redescribed -Description changed
        $null = Copy-Artifact redescribed $other -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings.Count | Should -Be 1
        $warnings | Should -BeLike '*Set-Artifact*'
    }

    It 'copies within a store under another name' {
        (Copy-Artifact mnist:first $env:ARTIFACTS_STORE -NewName mnist-copy).Reference | Should -Be mnist-copy:v0
    }

    It 'reports a missing destination once' {
        Assert-Error { 'mnist', 'mnist' | Copy-Artifact -Destination "$TestDrive/nothing" } StoreNotFound ObjectNotFound (Join-Path $TestDrive nothing) New-ArtifactStore
    }

    It 'rejects another type than the destination has' {
        $null = New-Artifact mnist model -Store $other | Publish-Artifact -AllowEmpty
        Assert-Error { Copy-Artifact mnist $other } ArtifactTypeMismatch InvalidArgument mnist model
    }

    It "rejects the alias '<_>'" -ForEach 'v1', 'a/b' {
        Assert-Error { Copy-Artifact mnist $other -Alias $_ } InvalidArtifactAlias InvalidArgument $_
    }

    It 'rejects an invalid -NewName' {
        Assert-Error { Copy-Artifact mnist $other -NewName 'a b' } InvalidArtifactName InvalidArgument 'a b'
    }

    It 'reports a missing artifact and copies the others' {
        $copies = 'none', 'mnist' | Copy-Artifact -Destination $other -ErrorVariable problems -ErrorAction SilentlyContinue

        $copies.Name | Should -Be mnist
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be none
    }

    It 'shows what rules refuse with -WhatIf' {
        Protect-ArtifactAlias prod -RequireTag raw -Store $other
        Assert-Error { Copy-Artifact mnist:prod $other -KeepAlias -WhatIf } AliasProtected PermissionDenied 'mnist:prod' raw
        Copy-Artifact mnist:first $other -Alias prod -WhatIf
        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'copies nothing under -WhatIf' {
        Copy-Artifact mnist $other -AllVersions -WhatIf

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }
}

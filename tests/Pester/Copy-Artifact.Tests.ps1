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

    It 'copies a version, which keeps its digest' {
        $copy = Copy-Artifact mnist:first $other

        $copy.Reference | Should -Be mnist:v0
        $copy.Digest | Should -Be (Get-Artifact mnist:first).Digest
        $copy.Tags | Should -Be raw
        $copy.Aliases | Should -Be latest
        Get-ArtifactContent mnist 'labels.csv' -Store $other | Should -Be 0
        Test-Artifact mnist -Store $other -Quiet | Should -BeTrue
    }

    It 'copies to a registered store, and completes its name' {
        Register-ArtifactStore elsewhere $other
        try {
            (Copy-Artifact mnist elsewhere).Store | Should -Be $other
            $line = 'Copy-Artifact mnist else'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be elsewhere
        }
        finally { Unregister-ArtifactStore elsewhere }
    }

    It 'gives the copy the aliases that are asked for' {
        (Copy-Artifact mnist:first $other -Alias old, older).Aliases | Should -Be latest, old, older
        (Copy-Artifact mnist:prod $other -KeepAlias).Aliases | Should -Be latest, prod
    }

    It 'copies all versions, oldest first' {
        $copies = Copy-Artifact mnist $other -AllVersions -KeepAlias

        $copies.Reference | Should -Be mnist:v0, mnist:v1
        (Get-Artifact mnist:first -Store $other).VersionNumber | Should -Be 0
        (Get-Artifact mnist -Store $other).Aliases | Should -Be latest, prod
    }

    It 'copies what comes down the pipeline' {
        $null = New-TestVersion net @{ 'weights.bin' = 'w' }

        (Get-Artifact | Copy-Artifact -Destination $other).Name | Should -Be mnist, net
    }

    It 'counts on from what is there' {
        $null = New-Artifact mnist dataset -Store $other | Publish-Artifact

        (Copy-Artifact mnist $other).Version | Should -Be v1
    }

    It 'finds what was copied before' {
        $null = Copy-Artifact mnist $other -AllVersions
        $before = @(Get-ChildItem $other -Recurse -File).Count

        (Copy-Artifact mnist:first $other).Deduplicated | Should -BeTrue
        @(Get-ChildItem $other -Recurse -File).Count | Should -Be $before
        (Get-Artifact mnist -Store $other).Version | Should -Be v1
    }

    It 'copies within a store under another name' {
        (Copy-Artifact mnist:first $env:ARTIFACTS_STORE -NewName mnist-copy).Reference | Should -Be mnist-copy:v0
    }

    It 'has an error for a destination that is no store' {
        { Copy-Artifact mnist "$TestDrive/nothing" } | Should -Throw -ErrorId 'StoreNotFound,*'
    }

    It 'has an error for each artifact that there isn''t, and copies the others' {
        $copies = 'none', 'mnist' | Copy-Artifact -Destination $other -ErrorVariable problems -ErrorAction SilentlyContinue

        $copies.Name | Should -Be mnist
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
    }

    It 'copies nothing under -WhatIf' {
        Copy-Artifact mnist $other -AllVersions -WhatIf

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }
}

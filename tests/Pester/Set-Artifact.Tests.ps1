BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-Artifact' {
    BeforeEach {
        $name = 'edited-' + [IO.Path]::GetRandomFileName()
        $version = New-Artifact $name dataset -Description before -Metadata @{ a = 1; b = 2 } -Tag raw | Publish-Artifact
    }

    It 'changes description, metadata and tags, and writes nothing' {
        Set-Artifact $name -Description 'größe 日本' -Metadata @{ c = 3 } -AddTag clean, Reviewed -RemoveTag RAW |
            Should -BeNullOrEmpty

        $changed = Get-Artifact $name
        $changed.Description | Should -Be 'größe 日本'
        $changed.Metadata.Keys | Should -Be c
        $changed.Tags | Sort-Object | Should -Be clean, Reviewed
        $changed.Digest | Should -Be $version.Digest
    }

    It 'leaves alone what is not named' {
        Set-Artifact $name -AddTag more

        (Get-Artifact $name).Description | Should -Be before
        (Get-Artifact $name).Metadata.b | Should -Be 2
    }

    It 'takes the description away with an empty text' {
        Set-Artifact $name -Description ''

        (Get-Artifact $name).Description | Should -BeNullOrEmpty
    }

    It 'sets an expiry, and takes it away' {
        Set-Artifact $name -ExpiresAfter 90.00:00:00
        (Get-Artifact $name).ExpiresAt | Should -BeGreaterThan ([DateTime]::Now.AddDays(89))
        (Get-Artifact $name).ExpiresAt | Should -BeLessThan ([DateTime]::Now.AddDays(91))
        Set-Artifact $name -NeverExpires

        (Get-Artifact $name).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'refuses an expiry of <_>' -ForEach '00:00:00', '-1.00:00:00', 90 {
        { Set-Artifact $name -ExpiresAfter $_ -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidExpiry,*'
    }

    It 'refuses -ExpiresAfter together with -NeverExpires' {
        { Set-Artifact $name -ExpiresAfter 1.00:00:00 -NeverExpires } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'changes only the version that is named' {
        $null = New-ArtifactDraft $name | Add-ArtifactFile (New-TestFile 'a.txt') | Publish-Artifact
        Set-Artifact "${name}:v0" -Description first

        (Get-Artifact $name -AllVersions).Description | Should -Be first, before
    }

    It 'writes the version with -PassThru' {
        (Set-Artifact $name -AddTag more -PassThru).Tags | Should -Be raw, more
    }

    It 'changes all that come down the pipeline' {
        $others = 'x', 'y' | ForEach-Object { New-Artifact "$name-$_" dataset | Publish-Artifact }
        $others | Set-Artifact -AddTag both

        (Get-Artifact -Tag both).Name | Should -Be "$name-x", "$name-y"
    }

    It 'goes on after one that isn''t there' {
        $changed = 'unknown', $name | Set-Artifact -Description after -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue

        $changed.Description | Should -Be after
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        $problems.TargetObject | Should -Be unknown
    }

    It 'refuses <Bad>' -TestCases @(
        @{ Bad = 'an empty tag'; Parameters = @{ AddTag = ' ' }; Id = 'InvalidArtifactTag,*' }
        @{ Bad = 'infinity as metadata'; Parameters = @{ Metadata = @{ a = [double]::PositiveInfinity } }; Id = 'InvalidMetadata,*' }
    ) {
        { Set-Artifact $name @Parameters } | Should -Throw -ErrorId $Id
    }

    It 'writes nothing under -WhatIf' {
        $before = Get-StoreKey
        Set-Artifact $name -Description after -WhatIf

        Get-StoreKey | Should -Be $before
        (Get-Artifact $name).Description | Should -Be before
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-Artifact' {
    BeforeEach {
        $name = 'edited-' + [IO.Path]::GetRandomFileName()
        $version = New-Artifact $name dataset -Description before -Metadata @{ a = 1; b = 2 } -Tag raw | Publish-Artifact -AllowEmpty
    }

    It 'changes description, metadata and tags, without output' {
        Set-Artifact $name -Description 'größe 日本' -Metadata @{ c = 3 } -AddTag clean, Reviewed -RemoveTag RAW |
            Should -BeNullOrEmpty

        $changed = Get-Artifact $name
        $changed.Description | Should -Be 'größe 日本'
        $changed.Metadata.Keys | Should -Be c
        $changed.Tags | Sort-Object | Should -Be clean, Reviewed
        $changed.Digest | Should -Be $version.Digest
        @(Get-Artifact $name -AllVersions).Count | Should -Be 1
    }

    It 'keeps everything else' {
        Set-Artifact $name -AddTag more

        (Get-Artifact $name).Description | Should -Be before
        (Get-Artifact $name).Metadata.b | Should -Be 2
        (Get-Artifact $name).Tags | Should -Be raw, more
        Set-Artifact $name -Metadata @{ c = 'x' }
        (Get-Artifact $name).Description | Should -Be before
    }

    It 'removes the description with an empty text' {
        Set-Artifact $name -Description ''

        (Get-Artifact $name).Description | Should -BeNullOrEmpty
    }

    It 'sets and removes an expiry' {
        Set-Artifact $name -ExpiresAfter 90.00:00:00
        (Get-Artifact $name).ExpiresAt | Should -BeGreaterThan ([DateTime]::Now.AddDays(89))
        (Get-Artifact $name).ExpiresAt | Should -BeLessThan ([DateTime]::Now.AddDays(91))
        Set-Artifact $name -NeverExpires

        (Get-Artifact $name).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'rejects an expiry of <_>' -ForEach '00:00:00', '-1.00:00:00', 90 {
        Assert-Error { Set-Artifact $name -ExpiresAfter $_ } InvalidExpiry InvalidArgument -ErrorText '90.00:00:00'
    }

    It 'rejects -ExpiresAfter together with -NeverExpires' {
        { Set-Artifact $name -ExpiresAfter 1.00:00:00 -NeverExpires } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'changes only the named version' {
        $null = New-ArtifactDraft $name | Add-ArtifactFile (New-TestFile 'a.txt') | Publish-Artifact
        Set-Artifact "${name}:v0" -Description first

        (Get-Artifact $name -AllVersions).Description | Should -Be first, before
    }

    It 'returns the version with -PassThru' {
        (Set-Artifact $name -AddTag more -RemoveTag nothing -PassThru).Tags | Should -Be raw, more
    }

    It 'changes all versions from the pipeline' {
        $others = 'x', 'y' | ForEach-Object { New-Artifact "$name-$_" dataset | Publish-Artifact -AllowEmpty }
        $others | Set-Artifact -AddTag both

        (Get-Artifact -Tag both).Name | Should -Be "$name-x", "$name-y"
    }

    It 'reports a missing artifact and changes the others' {
        $changed = 'unknown', $name | Set-Artifact -Description after -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue

        $changed.Description | Should -Be after
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        $problems[0].TargetObject | Should -Be unknown
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        "$($problems[0])" | Should -BeLike '*unknown*Get-Artifact*'
    }

    It 'rejects <Value> and changes nothing' -TestCases @(
        @{ Value = 'an empty tag'; Parameters = @{ AddTag = ' ' }; Id = 'InvalidArtifactTag'; Says = "' '" }
        @{ Value = 'a tag with a colon'; Parameters = @{ AddTag = 'a:b' }; Id = 'InvalidArtifactTag'; Says = 'a:b' }
        @{ Value = 'infinity as metadata'; Parameters = @{ Metadata = @{ a = [double]::PositiveInfinity } }; Id = 'InvalidMetadata'; Says = 'a' }
        @{ Value = 'a script block as metadata'; Parameters = @{ Metadata = @{ x = { 1 } } }; Id = 'InvalidMetadata'; Says = 'x' }
    ) {
        $before = Get-StoreKey
        Assert-Error { Set-Artifact $name @Parameters } $Id InvalidArgument -ErrorText $Says

        Get-StoreKey | Should -Be $before
    }

    It 'changes nothing under -WhatIf' {
        $before = Get-StoreKey
        Set-Artifact $name -Description after -WhatIf

        Get-StoreKey | Should -Be $before
        (Get-Artifact $name).Description | Should -Be before
    }
}

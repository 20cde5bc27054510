BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    # Most drafts here need no content.
    $PSDefaultParameterValues = @{ '*Artifact:AllowEmpty' = $true }

    # Contributes one file, whose text also names the contributor by default.
    function Add-Contribution([string] $Name, [string] $Path, [string] $Text, [string] $Contributor = $Text) {
        New-Artifact $Name dataset |
            Add-ArtifactFile -LiteralPath (New-TestFile "sources/$Text/$Path" $Text) -Name $Path |
            Set-DistributedArtifact -DistributedId $id -Contributor $Contributor
    }
}
AfterAll { Restore-Environment }

Describe 'Complete-DistributedArtifact' {
    BeforeEach { $id = [IO.Path]::GetRandomFileName() }

    It 'publishes one version from all contributions' {
        $null = Add-Contribution union a.txt one
        $null = Add-Contribution union 'b [1].txt' two
        $version = Complete-DistributedArtifact union dataset -DistributedId $id -Alias prod -Tag together

        $version.Reference | Should -Be union:v0
        $version.Aliases | Should -Be latest, prod
        $version.Tags | Should -Be together
        (Get-ArtifactEntry union).EntryPath | Should -Be 'a.txt', 'b [1].txt'
        Get-ArtifactContent union a.txt | Should -Be one
        Test-Artifact union -Quiet | Should -BeTrue
    }

    It 'adds the draft of the completing writer' {
        $null = Add-Contribution own a.txt one
        $version = New-Artifact own dataset | Add-ArtifactFile (New-TestFile own.txt own) |
            Complete-DistributedArtifact -DistributedId $id

        (Get-ArtifactEntry $version).EntryPath | Should -Be a.txt, own.txt
    }

    It 'marks the draft as published' {
        $draft = New-Artifact finished dataset
        $null = $draft | Complete-DistributedArtifact -DistributedId $id

        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
    }

    It 'gives the digest of a version by one writer' {
        $null = Add-Contribution joint b.txt two
        $null = Add-Contribution joint a.txt one
        $single = New-TestVersion single @{ 'a.txt' = 'one'; 'b.txt' = 'two' }

        (Complete-DistributedArtifact joint -DistributedId $id).Digest | Should -Be $single.Digest
    }

    It 'publishes a draft without contributions' {
        $version = New-Artifact alone dataset | Add-ArtifactFile (New-TestFile own.txt own) |
            Complete-DistributedArtifact -DistributedId $id

        $version.Reference | Should -Be alone:v0
    }

    It 'uses the run''s group and records all runs' {
        $first = Start-ArtifactRun -Group $id
        $null = New-Artifact made dataset | Add-ArtifactFile (New-TestFile a.txt a) | Set-DistributedArtifact
        $null = Stop-ArtifactRun
        $last = Start-ArtifactRun -Group $id
        $version = Complete-DistributedArtifact made dataset
        $null = Stop-ArtifactRun

        $version.RunId | Should -Be $last.Id
        (Get-ArtifactRun $first.Id).Outputs | Should -Be made:v0
        (Get-ArtifactRun $last.Id).Outputs | Should -Be made:v0
    }

    It 'publishes equal content for any contribution order' {
        $digests = foreach ($order in @(1, 2, 3), @(3, 1, 2)) {
            $id = [IO.Path]::GetRandomFileName()
            foreach ($number in $order) { $null = Add-Contribution "order-$($order[0])" "$number.txt" "text $number" }
            (Complete-DistributedArtifact "order-$($order[0])" -DistributedId $id).Digest
        }

        $digests[0] | Should -Be $digests[1]
    }

    It 'applies changes and removals to the base version' {
        $null = New-TestVersion revised @{ 'keep.txt' = 'k'; 'change.txt' = 'old'; 'gone.txt' = 'g' }
        $null = New-ArtifactDraft revised | Remove-ArtifactEntry gone.txt | Set-DistributedArtifact -DistributedId $id -Contributor one
        $null = New-ArtifactDraft revised | Add-ArtifactFile (New-TestFile change.txt new) -Force |
            Set-DistributedArtifact -DistributedId $id -Contributor two
        $version = Complete-DistributedArtifact revised -DistributedId $id

        $version.Reference | Should -Be revised:v1
        (Get-ArtifactEntry $version).EntryPath | Should -Be change.txt, keep.txt
        Get-ArtifactContent $version change.txt | Should -Be new
    }

    It 'returns the same version when called again' {
        $null = Add-Contribution twice a.txt one
        $first = Complete-DistributedArtifact twice -DistributedId $id
        $again = Complete-DistributedArtifact twice -DistributedId $id -Alias later

        $again.Reference | Should -Be $first.Reference
        $again.Aliases | Should -Contain later
        $again.Aliases | Should -Contain latest
        @(Get-Artifact twice -AllVersions).Count | Should -Be 1
    }

    It 'rejects a draft after completion' {
        $null = Add-Contribution sealed a.txt one
        $null = Complete-DistributedArtifact sealed -DistributedId $id
        { New-Artifact sealed dataset | Add-ArtifactFile (New-TestFile late.txt) |
                Complete-DistributedArtifact -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactLocked,*'
    }

    It 'reports an id without contributions' {
        Assert-Error { Complete-DistributedArtifact nobody -DistributedId $id } DistributedArtifactNotFound ObjectNotFound nobody

        Get-Artifact nobody* | Should -BeNullOrEmpty
    }

    It 'requires an id or a group' {
        Assert-Error { Complete-DistributedArtifact nowhere } DistributedIdMissing InvalidArgument nowhere
    }

    It 'rejects another type than contributed' {
        $null = Add-Contribution typed a.txt one
        $before = Get-StoreKey
        Assert-Error { Complete-DistributedArtifact typed model -DistributedId $id } ArtifactTypeMismatch InvalidArgument typed

        Get-StoreKey | Should -Be $before
        (Complete-DistributedArtifact typed DATASET -DistributedId $id).Type | Should -Be dataset
    }

    It "rejects the alias '<_>' before sealing" -ForEach 'v3', 'a/b' {
        $null = Add-Contribution aliased a.txt one
        $before = Get-StoreKey
        Assert-Error { Complete-DistributedArtifact aliased -DistributedId $id -Alias $_ } InvalidArtifactAlias InvalidArgument aliased

        Get-StoreKey | Should -Be $before
        (Get-DistributedArtifact aliased $id).Status | Should -Be Open
    }

    Context 'conflicting content' {
        BeforeEach {
            $null = Add-Contribution conflict same.txt one
            $null = Add-Contribution conflict same.txt two
        }
        AfterEach { Remove-Artifact conflict -AllVersions -ErrorAction Ignore -Confirm:$false }

        It 'names path and contributors, and changes nothing' {
            $before = Get-StoreKey | Where-Object { $_ -notmatch '[\\/]objects[\\/]' }
            Assert-Error { Complete-DistributedArtifact conflict -DistributedId $id } DistributedConflict ResourceExists conflict "'same.txt'", "'one'", "'two'", LastWins

            Get-StoreKey | Where-Object { $_ -notmatch '[\\/]objects[\\/]' } | Should -Be $before
            (Get-DistributedArtifact conflict $id).Status | Should -Be Open
        }

        It 'uses contribution <Text> with -ConflictAction <Action>' -TestCases @(
            @{ Action = 'FirstWins'; Text = 'one' }
            @{ Action = 'LastWins'; Text = 'two' }
        ) {
            $version = Complete-DistributedArtifact conflict -DistributedId $id -ConflictAction $Action

            Get-ArtifactContent $version same.txt | Should -Be $Text
        }

        It 'uses the first contribution before the draft with FirstWins' {
            $version = New-Artifact conflict dataset |
                Add-ArtifactFile (New-TestFile own/same.txt own) |
                Complete-DistributedArtifact -DistributedId $id -ConflictAction FirstWins

            Get-ArtifactContent $version same.txt | Should -Be one
        }

        It 'treats the draft as the last contribution' {
            $version = New-Artifact conflict dataset |
                Add-ArtifactFile (New-TestFile own/same.txt own) |
                Complete-DistributedArtifact -DistributedId $id -ConflictAction LastWins

            Get-ArtifactContent $version same.txt | Should -Be own
        }

        It 'is resolved by a new contribution' {
            $null = Add-Contribution conflict same.txt two -Contributor one
            $version = Complete-DistributedArtifact conflict -DistributedId $id

            Get-ArtifactContent $version same.txt | Should -Be two
        }
    }

    It 'accepts equal content from two contributors' {
        $null = Add-Contribution equal a.txt same -Contributor one
        $null = Add-Contribution equal a.txt same -Contributor two

        (Complete-DistributedArtifact equal -DistributedId $id).FileCount | Should -Be 1
    }

    It 'merges metadata, preferring the completing writer' {
        $null = New-Artifact described dataset -Metadata @{ a = 1; both = 'first' } -Description first |
            Set-DistributedArtifact -DistributedId $id -Contributor one
        $version = New-Artifact described dataset -Metadata @{ b = 2; both = 'last' } -Description last |
            Complete-DistributedArtifact -DistributedId $id

        $version.Metadata.a, $version.Metadata.b, $version.Metadata.both | Should -Be 1, 2, last
        $version.Description | Should -Be last
    }

    It 'shows what rules refuse with -WhatIf' {
        $null = Add-Contribution refused a.txt one
        Protect-ArtifactAlias prod -Name refused -RequireTag reviewed
        Assert-Error { Complete-DistributedArtifact refused -DistributedId $id -Alias prod -WhatIf } AliasProtected PermissionDenied refused reviewed
        Complete-DistributedArtifact refused -DistributedId $id -Alias prod -Tag reviewed -WhatIf
        (Complete-DistributedArtifact refused -DistributedId $id).Version | Should -Be v0
        Assert-Error { Complete-DistributedArtifact refused -DistributedId $id -Alias prod -WhatIf } AliasProtected PermissionDenied refused reviewed
    }

    It 'publishes nothing under -WhatIf' {
        $null = Add-Contribution whatif a.txt one
        $before = Get-StoreKey
        Complete-DistributedArtifact whatif -DistributedId $id -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        (Complete-DistributedArtifact whatif -DistributedId $id).Version | Should -Be v0
    }
}

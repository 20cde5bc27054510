BeforeAll {
    . $PSScriptRoot/TestSetup.ps1

    # Contributes one file.
    function Add-Contribution([string] $Name, [string] $Path, [string] $Text, [string] $Contributor = $Text) {
        New-Artifact $Name dataset |
            Add-ArtifactFile -LiteralPath (New-TestFile "sources/$Text/$Path" $Text) -Name $Path |
            Set-DistributedArtifact -DistributedId $id -Contributor $Contributor
    }
}
AfterAll { Restore-Environment }

Describe 'Complete-DistributedArtifact' {
    BeforeEach { $id = [IO.Path]::GetRandomFileName() }

    It 'makes one version of all contributions' {
        $null = Add-Contribution union a.txt one
        $null = Add-Contribution union 'b [1].txt' two
        $version = Complete-DistributedArtifact union dataset -DistributedId $id -Alias prod -Tag together

        $version.Reference | Should -Be union:v0
        $version.Aliases | Should -Be latest, prod
        $version.Tags | Should -Be together
        (Get-ArtifactEntry union).Path | Should -Be 'a.txt', 'b [1].txt'
        Get-ArtifactContent union a.txt | Should -Be one
        Test-Artifact union -Quiet | Should -BeTrue
    }

    It 'adds what the completing writer has itself' {
        $null = Add-Contribution own a.txt one
        $version = New-Artifact own dataset | Add-ArtifactFile (New-TestFile own.txt own) |
            Complete-DistributedArtifact -DistributedId $id

        (Get-ArtifactEntry $version).Path | Should -Be a.txt, own.txt
    }

    It 'is enough alone, with a draft' {
        $version = New-Artifact alone dataset | Add-ArtifactFile (New-TestFile own.txt own) |
            Complete-DistributedArtifact -DistributedId $id

        $version.Reference | Should -Be alone:v0
    }

    It 'takes the group of the run as id, and records the run and the runs that contributed' {
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

    It 'has the same content whoever came first' {
        $digests = foreach ($order in @(1, 2, 3), @(3, 1, 2)) {
            $id = [IO.Path]::GetRandomFileName()
            foreach ($number in $order) { $null = Add-Contribution "order-$($order[0])" "$number.txt" "text $number" }
            (Complete-DistributedArtifact "order-$($order[0])" -DistributedId $id).Digest
        }

        $digests[0] | Should -Be $digests[1]
    }

    It 'applies changes and removals to the common base' {
        $null = New-TestVersion revised @{ 'keep.txt' = 'k'; 'change.txt' = 'old'; 'gone.txt' = 'g' }
        $null = New-ArtifactDraft revised | Remove-ArtifactEntry gone.txt | Set-DistributedArtifact -DistributedId $id -Contributor one
        $null = New-ArtifactDraft revised | Add-ArtifactFile (New-TestFile change.txt new) -Force |
            Set-DistributedArtifact -DistributedId $id -Contributor two
        $version = Complete-DistributedArtifact revised -DistributedId $id

        $version.Reference | Should -Be revised:v1
        (Get-ArtifactEntry $version).Path | Should -Be change.txt, keep.txt
        Get-ArtifactContent $version change.txt | Should -Be new
    }

    It 'gives the same version when it is called again' {
        $null = Add-Contribution twice a.txt one
        $first = Complete-DistributedArtifact twice -DistributedId $id
        $again = Complete-DistributedArtifact twice -DistributedId $id -Alias later

        $again.Reference | Should -Be $first.Reference
        $again.Aliases | Should -Contain later
        @(Get-Artifact twice -AllVersions).Count | Should -Be 1
    }

    It 'has an error for a draft that the sealed version does not hold' {
        $null = Add-Contribution sealed a.txt one
        $null = Complete-DistributedArtifact sealed -DistributedId $id
        { New-Artifact sealed dataset | Add-ArtifactFile (New-TestFile late.txt) |
                Complete-DistributedArtifact -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactLocked,*'
    }

    It 'has an error where nobody contributed' {
        { Complete-DistributedArtifact nobody -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactNotFound,*'
        Get-Artifact nobody* | Should -BeNullOrEmpty
    }

    It 'has an error without an id and without a group' {
        { Complete-DistributedArtifact nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'DistributedIdMissing,*'
    }

    It 'refuses another type than was contributed' {
        $null = Add-Contribution typed a.txt one
        { Complete-DistributedArtifact typed model -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactTypeMismatch,*'
        (Complete-DistributedArtifact typed DATASET -DistributedId $id).Type | Should -Be dataset
    }

    It "refuses the alias '<_>' before it seals" -ForEach 'v3', 'a/b' {
        $null = Add-Contribution aliased a.txt one
        { Complete-DistributedArtifact aliased -DistributedId $id -Alias $_ -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArtifactAlias,*'

        (Get-DistributedArtifact aliased $id).Status | Should -Be Open
    }

    Context 'with different content for one path' {
        BeforeEach {
            $null = Add-Contribution conflict same.txt one
            $null = Add-Contribution conflict same.txt two
        }
        AfterEach { Remove-Artifact conflict -AllVersions -ErrorAction Ignore }

        It 'fails, names the path and both writers, and changes nothing' {
            $before = Get-StoreKey | Where-Object { $_ -notmatch '[\\/]objects[\\/]' }
            $problem = { Complete-DistributedArtifact conflict -DistributedId $id -ErrorAction Stop } |
                Should -Throw -ErrorId 'DistributedConflict,*' -PassThru

            $problem.Exception.Message | Should -BeLike "*'same.txt'*'one'*'two'*"
            $problem.TargetObject | Should -Be conflict
            Get-StoreKey | Where-Object { $_ -notmatch '[\\/]objects[\\/]' } | Should -Be $before
            (Get-DistributedArtifact conflict $id).Status | Should -Be Open
        }

        It 'takes the <Text> contribution with -ConflictAction <Action>' -TestCases @(
            @{ Action = 'FirstWins'; Text = 'one' }
            @{ Action = 'LastWins'; Text = 'two' }
        ) {
            $version = Complete-DistributedArtifact conflict -DistributedId $id -ConflictAction $Action

            Get-ArtifactContent $version same.txt | Should -Be $Text
        }

        It 'takes the draft of the completing writer as the last' {
            $version = New-Artifact conflict dataset |
                Add-ArtifactFile (New-TestFile own/same.txt own) |
                Complete-DistributedArtifact -DistributedId $id -ConflictAction LastWins

            Get-ArtifactContent $version same.txt | Should -Be own
        }

        It 'can be settled by the writer who was wrong' {
            $null = Add-Contribution conflict same.txt two -Contributor one
            $version = Complete-DistributedArtifact conflict -DistributedId $id

            Get-ArtifactContent $version same.txt | Should -Be two
        }
    }

    It 'takes equal content of two writers as one' {
        $null = Add-Contribution equal a.txt same -Contributor one
        $null = Add-Contribution equal a.txt same -Contributor two

        (Complete-DistributedArtifact equal -DistributedId $id).FileCount | Should -Be 1
    }

    It 'merges metadata and descriptions, the completing writer''s over the others''' {
        $null = New-Artifact described dataset -Metadata @{ a = 1; both = 'first' } -Description first |
            Set-DistributedArtifact -DistributedId $id -Contributor one
        $version = New-Artifact described dataset -Metadata @{ b = 2; both = 'last' } -Description last |
            Complete-DistributedArtifact -DistributedId $id

        $version.Metadata.a, $version.Metadata.b, $version.Metadata.both | Should -Be 1, 2, last
        $version.Description | Should -Be last
    }

    It 'writes nothing under -WhatIf' {
        $null = Add-Contribution whatif a.txt one
        $before = Get-StoreKey
        Complete-DistributedArtifact whatif -DistributedId $id -WhatIf | Should -BeNullOrEmpty

        Get-StoreKey | Should -Be $before
        (Complete-DistributedArtifact whatif -DistributedId $id).Version | Should -Be v0
    }
}

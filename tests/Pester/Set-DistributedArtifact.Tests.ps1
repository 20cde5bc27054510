BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    # Most drafts here need no content.
    $PSDefaultParameterValues = @{ '*Artifact:AllowEmpty' = $true }
}
AfterAll { Restore-Environment }

Describe 'Set-DistributedArtifact' {
    BeforeAll {
        $one = New-TestFile 'one [1].txt' 'one'
        $two = New-TestFile 'two.txt' 'second'
    }
    BeforeEach { $id = [IO.Path]::GetRandomFileName() }

    It 'contributes a draft and returns a summary' {
        $made = New-Artifact said dataset | Add-ArtifactFile -LiteralPath $one | Add-ArtifactFile $two |
            Set-DistributedArtifact -DistributedId $id -Contributor first

        $made.GetType().Name | Should -Be DistributedContribution
        $made.Name | Should -Be said
        $made.DistributedId | Should -Be $id
        $made.Contributor | Should -Be first
        $made.Number | Should -Be 1
        $made.FileCount | Should -Be 2
        $made.RemovedCount | Should -Be 0
        $made.Size | Should -Be 9
        $made.BaseVersion | Should -BeNullOrEmpty
        $made.RunId | Should -BeNullOrEmpty
        $made.By | Should -Be "$([Environment]::UserName)@$([Environment]::MachineName)"
        $made.At | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        $made.At | Should -BeLessThan ([DateTime]::Now.AddMinutes(1))
        $made.Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'publishes nothing' {
        $null = New-Artifact hidden dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id

        Get-Artifact hidden* | Should -BeNullOrEmpty
        { Get-Artifact hidden -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }

    It 'uses the run''s group and the run as contributor' {
        $run = Start-ArtifactRun -Group $id
        try { $made = New-Artifact grouped dataset | Add-ArtifactFile $two | Set-DistributedArtifact }
        finally { $null = Stop-ArtifactRun }

        $made.DistributedId | Should -Be $id
        $made.Contributor | Should -Be $run.Id
        $made.RunId | Should -Be $run.Id
    }

    It 'uses the group from the environment, without a run' {
        $env:ARTIFACTS_RUN_GROUP = $id
        try { $made = New-Artifact grouped dataset | Add-ArtifactFile $two | Set-DistributedArtifact }
        finally { $env:ARTIFACTS_RUN_GROUP = $null }

        $made.DistributedId | Should -Be $id
    }

    It 'requires an id or a group' {
        $draft = New-Artifact nowhere dataset
        Assert-Error { $draft | Set-DistributedArtifact } DistributedIdMissing InvalidArgument $draft '-DistributedId'
    }

    It "rejects the id '<_>'" -ForEach 'a/b', '..', 'a b' {
        $draft = New-Artifact refused dataset
        Assert-Error { $draft | Set-DistributedArtifact -DistributedId $_ } InvalidDistributedId InvalidArgument $draft
    }

    It 'counts changes against the base version' {
        $null = New-TestVersion changed @{ 'keep.txt' = 'k'; 'change.txt' = 'old'; 'gone/a.txt' = 'a'; 'gone/b.txt' = 'b' }
        $made = New-ArtifactDraft changed | Add-ArtifactFile $two -Name change.txt -Force | Remove-ArtifactEntry gone/ |
            Set-DistributedArtifact -DistributedId $id

        $made.BaseVersion | Should -Be changed:v0
        $made.FileCount | Should -Be 1
        $made.RemovedCount | Should -Be 2
        $made.Size | Should -Be 6
    }

    It 'rejects a draft that was contributed' {
        $draft = New-Artifact spent dataset
        $null = Set-DistributedArtifact $draft -DistributedId $id

        { Set-DistributedArtifact $draft -DistributedId $id -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
    }

    It 'rejects a contribution after completion' {
        $null = New-Artifact late dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id
        $version = Complete-DistributedArtifact late -DistributedId $id
        $draft = New-Artifact late dataset | Add-ArtifactFile -LiteralPath $one
        Assert-Error { Set-DistributedArtifact $draft -DistributedId $id } DistributedArtifactLocked InvalidOperation $draft late:v0

        (Get-Artifact late).Digest | Should -Be $version.Digest
        (Set-DistributedArtifact $draft -DistributedId "$id-next").Number | Should -Be 1
    }

    It 'rejects another base version than the others have' {
        $null = New-TestVersion based @{ 'a.txt' = 'a' }
        $null = New-ArtifactDraft based | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id
        $draft = New-Artifact based dataset | Add-ArtifactFile $two
        Assert-Error { $draft | Set-DistributedArtifact -DistributedId $id } DistributedBaseMismatch InvalidOperation $draft v0
    }

    It 'rejects another type than the others have' {
        $null = New-Artifact typed dataset | Set-DistributedArtifact -AllowEmpty -DistributedId $id
        $draft = New-Artifact typed model
        Assert-Error { $draft | Set-DistributedArtifact -DistributedId $id } ArtifactTypeMismatch InvalidArgument $draft
    }

    It 'reports an invalid draft and contributes the others' {
        $spent = New-Artifact piped dataset
        $null = Publish-Artifact $spent
        $made = $spent, (New-Artifact piped-1 dataset), (New-Artifact piped-2 dataset) |
            Set-DistributedArtifact -DistributedId $id -ErrorVariable problems -ErrorAction SilentlyContinue

        $made.Name | Should -Be piped-1, piped-2
        $problems[0].TargetObject | Should -Be $spent
    }

    It 'stores nothing under -WhatIf and keeps the draft' {
        $draft = New-Artifact whatif dataset | Add-ArtifactFile $two
        Set-DistributedArtifact $draft -DistributedId $id -WhatIf | Should -BeNullOrEmpty
        Get-DistributedArtifact whatif | Should -BeNullOrEmpty

        (Set-DistributedArtifact $draft -DistributedId $id).Number | Should -Be 1
    }

    It 'is displayed as a table' {
        New-Artifact shown dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId shown-id -Contributor me |
            Out-String -Width 200 | Should -Match '(?s)Artifact: shown, distributed id shown-id.+1\s+me\s+1\s+0\s+6 B\s+just now'
    }

    It 'treats parallel writers of one run as different' {
        $null = Start-ArtifactRun -Group $id
        $contributors = 1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
            Import-Module $using:manifestPath
            $draft = New-Artifact torn dataset
            "from $_" | Add-ArtifactObject -Artifact $draft -Name same.txt
            ($draft | Set-DistributedArtifact).Contributor
        }
        Complete-DistributedArtifact torn dataset -ErrorVariable failure -ErrorAction SilentlyContinue
        $null = Stop-ArtifactRun

        ($contributors | Sort-Object -Unique).Count | Should -Be 2
        $failure.FullyQualifiedErrorId | Should -BeLike 'DistributedConflict,*'
    }

    It 'accepts contributions from parallel processes' {
        $jobs = 1..3 | ForEach-Object {
            Start-Job -ArgumentList $manifestPath, $id, $_ {
                param($manifestPath, $id, $number)
                Import-Module $manifestPath
                $draft = New-Artifact spread dataset
                "from $number" | Add-ArtifactObject -Artifact $draft -Name "part-$number.txt"
                $draft | Set-DistributedArtifact -DistributedId $id
            }
        }
        $made = $jobs | Receive-Job -Wait -AutoRemoveJob
        $version = Complete-DistributedArtifact spread dataset -DistributedId $id

        $made.Number | Sort-Object | Should -Be 1, 2, 3
        ($made.Contributor | Sort-Object -Unique).Count | Should -Be 3
        (Get-ArtifactEntry $version).EntryPath | Should -Be part-1.txt, part-2.txt, part-3.txt
    }
}

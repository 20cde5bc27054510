BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Set-DistributedArtifact' {
    BeforeAll {
        $one = New-TestFile 'one [1].txt' 'one'
        $two = New-TestFile 'two.txt' 'second'
    }
    BeforeEach { $id = [IO.Path]::GetRandomFileName() }

    It 'contributes, and says what' {
        $made = New-Artifact said dataset | Add-ArtifactFile -LiteralPath $one | Add-ArtifactFile $two |
            Set-DistributedArtifact -DistributedId $id -Contributor first

        $made.Name | Should -Be said
        $made.DistributedId | Should -Be $id
        $made.Contributor | Should -Be first
        $made.Number | Should -Be 1
        $made.FileCount | Should -Be 2
        $made.RemovedCount | Should -Be 0
        $made.Size | Should -Be 9
        $made.BaseVersion | Should -BeNullOrEmpty
        $made.RunId | Should -BeNullOrEmpty
        $made.By | Should -BeLike '*@*'
        $made.At | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        $made.Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'makes nothing that can be found by name' {
        $null = New-Artifact hidden dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id

        Get-Artifact hidden* | Should -BeNullOrEmpty
        { Get-Artifact hidden -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
    }

    It 'takes the group of the run as id, and the run as contributor' {
        $run = Start-ArtifactRun -Group $id
        try { $made = New-Artifact grouped dataset | Add-ArtifactFile $two | Set-DistributedArtifact }
        finally { $null = Stop-ArtifactRun }

        $made.DistributedId | Should -Be $id
        $made.Contributor | Should -Be $run.Id
        $made.RunId | Should -Be $run.Id
    }

    It 'takes the group from the environment, without a run' {
        $env:ARTIFACTS_RUN_GROUP = $id
        try { $made = New-Artifact grouped dataset | Add-ArtifactFile $two | Set-DistributedArtifact }
        finally { $env:ARTIFACTS_RUN_GROUP = $null }

        $made.DistributedId | Should -Be $id
    }

    It 'has an error without an id and without a group' {
        { New-Artifact nowhere dataset | Set-DistributedArtifact -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedIdMissing,*' -ExpectedMessage '*-DistributedId*'
    }

    It "refuses '<_>' as an id" -ForEach 'a/b', '..', 'a b' {
        { New-Artifact refused dataset | Set-DistributedArtifact -DistributedId $_ -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidDistributedId,*'
    }

    It 'counts what is added, changed and removed against the version the draft begins from' {
        $null = New-TestVersion changed @{ 'keep.txt' = 'k'; 'change.txt' = 'old'; 'gone/a.txt' = 'a'; 'gone/b.txt' = 'b' }
        $made = New-ArtifactDraft changed | Add-ArtifactFile $two -Name change.txt -Force | Remove-ArtifactEntry gone/ |
            Set-DistributedArtifact -DistributedId $id

        $made.BaseVersion | Should -Be changed:v0
        $made.FileCount | Should -Be 1
        $made.RemovedCount | Should -Be 2
    }

    It 'spends the draft' {
        $draft = New-Artifact spent dataset
        $null = Set-DistributedArtifact $draft -DistributedId $id

        { Set-DistributedArtifact $draft -DistributedId $id -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
        { Publish-Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactSpent,*'
    }

    It 'tells a writer that comes too late' {
        $null = New-Artifact late dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id
        $version = Complete-DistributedArtifact late -DistributedId $id
        $draft = New-Artifact late dataset | Add-ArtifactFile -LiteralPath $one
        { Set-DistributedArtifact $draft -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedArtifactLocked,*' -ExpectedMessage '*late:v0*'

        (Get-Artifact late).Digest | Should -Be $version.Digest
        (Set-DistributedArtifact $draft -DistributedId "$id-next").Number | Should -Be 1
    }

    It 'refuses another base than the others have' {
        $null = New-TestVersion based @{ 'a.txt' = 'a' }
        $null = New-ArtifactDraft based | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id
        { New-Artifact based dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'DistributedBaseMismatch,*' -ExpectedMessage '*v0*'
    }

    It 'refuses another type than the others have' {
        $null = New-Artifact typed dataset | Set-DistributedArtifact -DistributedId $id
        { New-Artifact typed model | Set-DistributedArtifact -DistributedId $id -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactTypeMismatch,*'
    }

    It 'contributes each draft that comes down the pipeline, and goes on after an error' {
        $spent = New-Artifact piped dataset
        $null = Publish-Artifact $spent
        $made = $spent, (New-Artifact piped-1 dataset), (New-Artifact piped-2 dataset) |
            Set-DistributedArtifact -DistributedId $id -ErrorVariable problems -ErrorAction SilentlyContinue

        $made.Name | Should -Be piped-1, piped-2
        $problems[0].TargetObject | Should -Be $spent
    }

    It 'writes nothing under -WhatIf, and spends nothing' {
        $draft = New-Artifact whatif dataset | Add-ArtifactFile $two
        Set-DistributedArtifact $draft -DistributedId $id -WhatIf | Should -BeNullOrEmpty
        Get-DistributedArtifact whatif | Should -BeNullOrEmpty

        (Set-DistributedArtifact $draft -DistributedId $id).Number | Should -Be 1
    }

    It 'is shown as a table' {
        New-Artifact shown dataset | Add-ArtifactFile $two | Set-DistributedArtifact -DistributedId shown-id -Contributor me |
            Out-String -Width 200 | Should -Match '(?s)Artifact: shown, distributed id shown-id.+1\s+me\s+1\s+0\s+6 B\s+just now'
    }

    It 'takes those that joined one run for writers of their own, so that none replaces another' {
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

    It 'takes contributions from processes that run side by side' {
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
        (Get-ArtifactEntry $version).Path | Should -Be part-1.txt, part-2.txt, part-3.txt
    }
}

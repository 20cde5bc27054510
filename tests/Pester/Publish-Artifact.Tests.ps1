BeforeAll {
    . $PSScriptRoot/TestSetup.ps1
    # Most drafts here need no content.
    $PSDefaultParameterValues = @{ '*Artifact:AllowEmpty' = $true }
}
AfterAll { Restore-Environment }

Describe 'Publish-Artifact' {
    BeforeAll {
        $one = New-TestFile 'one [1].txt' 'one'
        $two = New-TestFile 'two.txt' 'two'
    }

    It 'numbers versions from v0 and moves latest' {
        $first = New-Artifact counted dataset | Add-ArtifactFile -LiteralPath $one | Publish-Artifact
        $second = New-Artifact counted dataset | Add-ArtifactFile $two | Publish-Artifact

        $first.Reference, $second.Reference | Should -Be 'counted:v0', 'counted:v1'
        $second.GetType().Name | Should -Be ArtifactVersion
        $second.Name | Should -Be counted
        $second.Version | Should -Be v1
        $second.VersionNumber | Should -Be 1
        $second.Type | Should -Be dataset
        $second.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $second.Aliases | Should -Be latest
        $second.Deduplicated | Should -BeFalse
        $second.FileCount | Should -Be 1
        $second.Size | Should -Be 3
        $second.Store | Should -Be $env:ARTIFACTS_STORE
        $second.CreatedBy | Should -Be "$([Environment]::UserName)@$([Environment]::MachineName)"
        $second.RunId | Should -BeNullOrEmpty
        $second.ExpiresAt | Should -BeNullOrEmpty
        $second.CreatedAt | Should -BeGreaterThan ([DateTime]::Now.AddMinutes(-5))
        $second.CreatedAt | Should -BeLessThan ([DateTime]::Now.AddMinutes(1))
        (Get-Artifact counted:v0).Aliases | Should -BeNullOrEmpty
    }

    It 'returns the existing version when content is equal' {
        $first = New-Artifact same dataset | Add-ArtifactFile $two | Publish-Artifact
        $null = New-Artifact same dataset | Add-ArtifactFile -LiteralPath $one | Publish-Artifact -Alias prod
        $again = New-Artifact same dataset | Add-ArtifactFile $two | Publish-Artifact -Alias prod

        $again.Reference | Should -Be 'same:v0'
        $again.Deduplicated | Should -BeTrue
        $again.Digest | Should -Be $first.Digest
        $again.Aliases | Should -Be latest, prod
        (Get-Artifact same:v1).Aliases | Should -BeNullOrEmpty
        @(Get-Artifact same -AllVersions).Count | Should -Be 2
    }

    It 'warns about other metadata of equal content' {
        $null = New-Artifact warned dataset | Add-ArtifactFile $two | Publish-Artifact
        $null = New-Artifact warned dataset | Add-ArtifactFile $two | Publish-Artifact -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $null = New-Artifact warned dataset -Metadata @{ a = 1 } | Add-ArtifactFile $two |
            Publish-Artifact -WarningVariable warnings -WarningAction SilentlyContinue

        $warnings.Count | Should -Be 1
        $warnings | Should -BeLike '*Set-Artifact*warned:v0*'
        (Get-Artifact warned).Metadata.Count | Should -Be 0
    }

    It 'applies aliases and tags' {
        $version = New-Artifact labelled dataset -Tag raw | Publish-Artifact -AllowEmpty -Alias prod, 'release 日本' -Tag checked

        $version.Aliases | Should -Be latest, prod, 'release 日本'
        $version.Tags | Sort-Object | Should -Be checked, raw
        (Get-Artifact labelled:prod).Version | Should -Be v0
    }

    It 'publishes metadata set on the draft' {
        $draft = New-Artifact noted dataset
        $draft.Metadata.note = 'late'
        $draft.Description = 'later'

        (Publish-Artifact $draft).Metadata.note | Should -Be late
        (Get-Artifact noted).Description | Should -Be later
    }

    It 'publishes an artifact without entries' {
        (New-Artifact empty dataset | Publish-Artifact -AllowEmpty).FileCount | Should -Be 0
    }

    It 'rejects another type than the artifact has' {
        $null = New-Artifact typed dataset | Publish-Artifact -AllowEmpty
        $draft = New-Artifact typed model | Add-ArtifactFile $two
        Assert-Error { Publish-Artifact $draft } ArtifactTypeMismatch InvalidArgument $draft dataset, model

        @(Get-Artifact typed -AllVersions).Count | Should -Be 1
    }

    It "rejects the <Parameter> '<Value>' and stores nothing" -TestCases @(
        foreach ($alias in 'v3', 'a/b', 'a:b', 'a@b', ' a') { @{ Parameter = 'Alias'; Value = $alias } }
        @{ Parameter = 'Tag'; Value = 'a:b' }
    ) {
        $draft = New-Artifact ('rejected-' + [IO.Path]::GetRandomFileName()) dataset
        $parameters = @{ $Parameter = $Value }
        $before = Get-StoreKey
        Assert-Error { Publish-Artifact $draft @parameters } "InvalidArtifact$Parameter" InvalidArgument $draft $Value

        Get-StoreKey | Should -Be $before
        (Publish-Artifact $draft).Version | Should -Be v0
    }

    It 'rejects a draft that was published' {
        $draft = New-Artifact spent dataset
        $null = Publish-Artifact $draft

        Assert-Error { Publish-Artifact $draft } ArtifactSpent InvalidOperation $draft New-ArtifactDraft, spent
    }

    It 'publishes each draft from the pipeline' {
        $drafts = 'first', 'second' | ForEach-Object { New-Artifact $_ dataset }

        ($drafts | Publish-Artifact).Reference | Should -Be 'first:v0', 'second:v0'
    }

    It 'reports an invalid draft and publishes the others' {
        $spent = New-Artifact gone dataset
        $null = Publish-Artifact $spent
        $versions = (New-Artifact before dataset), $spent, (New-Artifact after dataset) |
            Publish-Artifact -ErrorVariable problems -ErrorAction SilentlyContinue

        $versions.Name | Should -Be before, after
        $problems.TargetObject | Should -Be $spent
    }

    It 'stores nothing under -WhatIf and keeps the draft' {
        $draft = New-Artifact whatif dataset | Add-ArtifactFile $two
        $before = Get-StoreKey
        Publish-Artifact $draft -WhatIf | Should -BeNullOrEmpty
        Get-StoreKey | Should -Be $before

        (Publish-Artifact $draft).Version | Should -Be v0
    }

    It 'publishes files and folders in one command' {
        $folder = Join-Path $TestDrive 'in one'
        $null = New-TestFile 'in one/a.txt' 'a'
        $null = New-TestFile 'in one/sub/b.txt' 'b'
        $null = New-TestFile 'in one/skipped.tmp' 's'
        $null = New-TestFile 'in one/.artifactignore' "*.tmp`n.artifactignore"
        $single = New-TestFile 'single.txt' 's'

        $version = Publish-Artifact -Path $folder, $single -Name whole -Type dataset -Alias prod

        $version.Reference, $version.Type | Should -Be 'whole:v0', 'dataset'
        $version.Aliases | Should -Be latest, prod
        (Get-ArtifactEntry $version).EntryPath | Should -Be 'a.txt', 'single.txt', 'sub/b.txt'
        # An artifact with versions has a type.
        $again = Publish-Artifact -Path $folder, $single -Name whole
        $again.Deduplicated | Should -BeTrue
        $again | Out-String | Should -Match 'v0.*just now, unchanged'
        Get-Artifact whole | Out-String | Should -Not -Match unchanged
    }

    It 'reports in one command what Add-ArtifactDirectory reports' {
        $null = New-TestFile 'with store/a.txt'
        $null = New-TestFile 'with store/skipped.tmp'
        $null = New-TestFile 'with store/.artifactignore' "*.tmp`n.artifactignore"
        $other = (New-ArtifactStore "$TestDrive/with store/other").Location
        $own = (New-ArtifactStore "$TestDrive/with store/own").Location
        $select = { $_ -is [Management.Automation.WarningRecord] -or "$_" -like 'Left out*' }
        $expected = New-Artifact reports dataset -Store $own |
            Add-ArtifactDirectory "$TestDrive/with store" -Verbose 3>&1 4>&1 | Where-Object $select
        $reports = Publish-Artifact -Path "$TestDrive/with store" -Name reports -Type dataset -Store $own -Verbose 3>&1 4>&1 |
            Where-Object $select

        @($reports -like "*$other*").Count | Should -Be 1
        $reports | ForEach-Object { $_.GetType().Name } | Sort-Object | Should -Be VerboseRecord, VerboseRecord, VerboseRecord, WarningRecord
        "$reports" | Should -BeExactly "$expected"
        (Get-ArtifactEntry reports -Store $own).EntryPath | Should -Be a.txt
    }

    It 'publishes a draft to its own store only' {
        $own = (New-ArtifactStore "$TestDrive/own store").Location
        $other = (New-ArtifactStore "$TestDrive/other store").Location
        $draft = New-Artifact moved dataset -Store $own | Add-ArtifactFile (New-TestFile 'moved.txt') -PassThru

        Assert-Error { Publish-Artifact $draft -Store $other } DraftInOtherStore InvalidArgument $draft $other, $own, Copy-Artifact
        $PSDefaultParameterValues['*-Artifact:Store'] = $other
        (New-Artifact kept dataset -Store $own | Publish-Artifact).Store | Should -Be $own
        $PSDefaultParameterValues.Remove('*-Artifact:Store')
        (Publish-Artifact $draft -Store $own).Store | Should -Be $own
        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'publishes nothing in one command if something is missing' {
        $single = New-TestFile 'single.txt' 's'
        Assert-Error { Publish-Artifact -Path $single, $TestDrive/typo -Name incomplete -Type dataset } FileNotFound ObjectNotFound incomplete typo
        Get-Artifact incomplete -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Assert-Error { Publish-Artifact -Path "$TestDrive/no-such-*" -Name empty -Type dataset -AllowEmpty:$false } ArtifactEmpty InvalidOperation
    }

    It 'reports new, reused and stored bytes' {
        $one = New-TestFile 'bytes one.txt' ('one' * 5000)
        $two = New-TestFile 'bytes two.bin' ('two' * 4000000)
        $first = New-Artifact bytes dataset | Add-ArtifactFile $one | Publish-Artifact

        $first.NewBytes, $first.ReusedBytes | Should -Be 15000, 0
        $first.StoredBytes | Should -BeGreaterThan 0
        $first.StoredBytes | Should -BeLessThan 5000
        $first | Out-String | Should -Match 'just now, 14.6 KiB new'
        ($first | Format-List | Out-String) | Should -Match 'NewBytes +: 14.6 KiB'

        $second = New-Artifact bytes dataset | Add-ArtifactFile $one, $two | Publish-Artifact
        $second.NewBytes + $second.ReusedBytes | Should -Be 12015000
        # Equal chunks of a file are stored once.
        $second.NewBytes | Should -BeGreaterThan 5000000

        $again = New-Artifact other dataset | Add-ArtifactFile $one, $two | Publish-Artifact
        $again.NewBytes, $again.ReusedBytes | Should -Be 0, 12015000
        (Get-Artifact other).NewBytes | Should -BeNullOrEmpty
        (Get-Artifact other | Format-List | Out-String) | Should -Not -Match NewBytes

        $copy = Copy-Artifact other (New-ArtifactStore "$TestDrive/bytes store").Location
        $copy.NewBytes | Should -BeGreaterThan 5000000
        $copy.StoredBytes | Should -BeLessThan 1000000
    }

    It 'reports new bytes of a file that does not shrink' {
        $bytes = [byte[]]::new(9MB)
        [Random]::new(1).NextBytes($bytes)
        $path = Join-Path $TestDrive noise.bin
        [IO.File]::WriteAllBytes($path, $bytes)
        $copied, $imported = 'noise copy', 'noise import' | ForEach-Object { (New-ArtifactStore "$TestDrive/$_").Location }
        $noise = Publish-Artifact -Path $path -Name noise -Type dataset
        $archive = Export-Artifact $noise -Path "$TestDrive/noise.zip" -PassThru

        $noise, (Copy-Artifact $noise $copied), (Import-Artifact $archive -Store $imported) | ForEach-Object {
            $_.NewBytes, $_.ReusedBytes | Should -Be 9MB, 0
            $_.StoredBytes | Should -BeGreaterThan 9MB
        }
        (Copy-Artifact $noise $copied -NewName again).NewBytes | Should -Be 0
    }
}

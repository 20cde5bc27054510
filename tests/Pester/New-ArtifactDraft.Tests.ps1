BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'New-ArtifactDraft' {
    BeforeAll {
        $v0 = New-Artifact photos dataset -Description 'Holiday' -Metadata @{ year = 2024 } -Tag raw |
            Add-ArtifactFile -LiteralPath (New-TestFile 'a [1].jpg' 'one') |
            Add-ArtifactFile (New-TestFile 'b.jpg' 'two') |
            Publish-Artifact -Alias first
        $v1 = New-ArtifactDraft photos | Add-ArtifactFile (New-TestFile 'c.jpg' 'three') | Publish-Artifact
    }

    It 'copies entries and description of the latest version' {
        $draft = New-ArtifactDraft photos

        $draft.BaseVersion | Should -Be 'photos:v1'
        $draft.Type | Should -Be dataset
        $draft.Description | Should -Be Holiday
        $draft.Metadata.year | Should -Be 2024
        ($draft | Get-ArtifactEntry).EntryPath | Should -Be 'a [1].jpg', 'b.jpg', 'c.jpg'
        $draft.GetType().Name | Should -Be Artifact
        $draft.Name | Should -Be photos
        $draft.FileCount | Should -Be 3
        $draft.Size | Should -Be 11
        $draft.Digest | Should -Be $v1.Digest
    }

    It 'does not copy aliases, tags and expiry' {
        (New-ArtifactDraft photos:first).Tags | Should -BeNullOrEmpty
    }

    It 'accepts the version <_>' -ForEach 'photos:v0', 'photos:first', 'PHOTOS:First' {
        (New-ArtifactDraft $_).Digest | Should -Be $v0.Digest
    }

    It 'accepts a digest' {
        (New-ArtifactDraft "photos@$($v0.Digest)").BaseVersion | Should -Be 'photos:v0'
    }

    It 'uses the exact version from the pipeline' {
        ($v0 | New-ArtifactDraft).BaseVersion | Should -Be 'photos:v0'
    }

    It 'uses the store of a version from the pipeline' {
        $other = New-ArtifactStore "$TestDrive/other"
        $elsewhere = New-Artifact elsewhere dataset -Store $other.Location | Publish-Artifact -AllowEmpty

        ($elsewhere | New-ArtifactDraft).Store | Should -Be $other.Location
        ($v0 | New-ArtifactDraft -Store $other.Location).Store | Should -Be $env:ARTIFACTS_STORE
    }

    It 'does not need the files of the version' {
        Remove-Item -LiteralPath "$TestDrive/a [1].jpg", "$TestDrive/b.jpg"
        $version = New-ArtifactDraft photos:v0 | Remove-ArtifactEntry b.jpg | Publish-Artifact

        ($version | Get-ArtifactEntry).EntryPath | Should -Be 'a [1].jpg'
    }

    It 'stores only changes' {
        $files = @{}
        1..200 | ForEach-Object { $files["many/file $_.txt"] = "number $_" }
        $null = New-TestVersion large $files
        $before = @(Get-StoreKey)
        $null = New-ArtifactDraft large | Add-ArtifactFile (New-TestFile 'new.txt') | Publish-Artifact

        @(Get-StoreKey).Count - $before.Count | Should -Be 3 -Because 'a pack, a segment of the index and a transaction are written'
    }

    It 'reports <Reference>, which is missing' -TestCases @(
        @{ Reference = 'unknown'; Id = 'ArtifactNotFound'; Says = 'unknown' }
        @{ Reference = 'photos:v9'; Id = 'ArtifactVersionNotFound'; Says = '-AllVersions' }
        @{ Reference = 'photos:nobody'; Id = 'ArtifactVersionNotFound'; Says = 'nobody' }
    ) {
        Assert-Error { New-ArtifactDraft $Reference } $Id ObjectNotFound $Reference $Says
    }

    It 'reports missing versions and creates the other drafts' {
        $drafts = 'unknown', 'photos', 'photos:v9' | New-ArtifactDraft -ErrorVariable problems -ErrorAction SilentlyContinue

        $drafts.Name | Should -Be photos
        $problems.TargetObject | Should -Be unknown, photos:v9
    }

    It 'leads to the next version and keeps the old one' {
        $old = New-TestVersion changing @{ 'old/a' = 'a'; 'old/b' = 'b'; 'keep/c' = 'c' }
        $null = New-TestVersion changing @{ 'other' = 'o' }
        $next = $old | New-ArtifactDraft | Remove-ArtifactEntry -Path old/ | Add-ArtifactFile (New-TestFile new.txt) | Publish-Artifact

        $next.Reference | Should -Be changing:v2
        (Get-ArtifactEntry changing).EntryPath | Should -Be keep/c, new.txt
        (Get-ArtifactEntry changing:v0).EntryPath | Should -Be keep/c, old/a, old/b
    }

    It 'allows replacing a file of the version without -Force' {
        $null = New-TestVersion replaced @{ 'a.txt' = 'before' }
        $null = New-ArtifactDraft replaced | Add-ArtifactFile (New-TestFile replacing/a.txt after) | Publish-Artifact

        Get-ArtifactContent replaced a.txt | Should -Be after
    }

    It 'publishes no version without changes' {
        $null = New-TestVersion unchanged @{ 'a.txt' = 'a' }
        $again = New-ArtifactDraft unchanged | Publish-Artifact

        $again.Reference | Should -Be unchanged:v0
        $again.Deduplicated | Should -BeTrue
    }
}

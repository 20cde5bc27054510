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

    It 'begins with the entries, type, description and metadata of the latest version' {
        $draft = New-ArtifactDraft photos

        $draft.BaseVersion | Should -Be 'photos:v1'
        $draft.Type | Should -Be dataset
        $draft.Description | Should -Be Holiday
        $draft.Metadata.year | Should -Be 2024
        ($draft | Get-ArtifactEntry).Path | Should -Be 'a [1].jpg', 'b.jpg', 'c.jpg'
        $draft.FileCount | Should -Be 3
        $draft.Digest | Should -Be $v1.Digest
    }

    It 'leaves out aliases, tags and expiry' {
        (New-ArtifactDraft photos:first).Tags | Should -BeNullOrEmpty
    }

    It 'begins as the version <_>' -ForEach 'photos:v0', 'photos:first', 'PHOTOS:First' {
        (New-ArtifactDraft $_).Digest | Should -Be $v0.Digest
    }

    It 'begins as the version of a digest' {
        (New-ArtifactDraft "photos@$($v0.Digest)").BaseVersion | Should -Be 'photos:v0'
    }

    It 'takes a version from the pipeline, and means exactly that one' {
        ($v0 | New-ArtifactDraft).BaseVersion | Should -Be 'photos:v0'
    }

    It 'takes a version of another store from the pipeline' {
        $other = New-ArtifactStore "$TestDrive/other"
        $elsewhere = New-Artifact elsewhere dataset -Store $other.Location | Publish-Artifact

        ($elsewhere | New-ArtifactDraft).Store | Should -Be $other.Location
    }

    It 'needs none of the version''s files' {
        Remove-Item -LiteralPath "$TestDrive/a [1].jpg", "$TestDrive/b.jpg"
        $version = New-ArtifactDraft photos:v0 | Remove-ArtifactEntry b.jpg | Publish-Artifact

        ($version | Get-ArtifactEntry).Path | Should -Be 'a [1].jpg'
    }

    It 'writes only what has changed' {
        $files = @{}
        1..200 | ForEach-Object { $files["many/file $_.txt"] = "number $_" }
        $null = New-TestVersion large $files
        $before = @(Get-StoreKey)
        $null = New-ArtifactDraft large | Add-ArtifactFile (New-TestFile 'new.txt') | Publish-Artifact

        @(Get-StoreKey).Count - $before.Count | Should -Be 2 -Because 'a pack and a transaction are written'
    }

    It 'has an error for <Reference>' -TestCases @(
        @{ Reference = 'unknown'; Id = 'ArtifactNotFound,*' }
        @{ Reference = 'photos:v9'; Id = 'ArtifactVersionNotFound,*' }
        @{ Reference = 'photos:nobody'; Id = 'ArtifactVersionNotFound,*' }
    ) {
        { New-ArtifactDraft $Reference -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
}

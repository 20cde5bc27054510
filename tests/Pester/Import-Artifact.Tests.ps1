BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Import-Artifact' {
    BeforeAll {
        $archive = Join-Path $TestDrive 'mnist [1].zip'
        $version = New-Artifact mnist dataset -Description why -Metadata @{ a = @{ b = 1 } } -Tag raw |
            Add-ArtifactFile -LiteralPath (New-TestFile labels.csv 0), (New-TestFile 'größe [1].txt' x) | Publish-Artifact -Alias prod
        Export-Artifact mnist $archive
    }

    BeforeEach {
        $other = Join-Path $TestDrive "other $([guid]::NewGuid())"
        $null = New-ArtifactStore $other
    }

    It 'publishes the exported version with the same digest' {
        $imported = Import-Artifact -LiteralPath $archive -Store $other

        $imported.Reference | Should -Be mnist:v0
        $imported.Digest | Should -Be $version.Digest
        $imported.Tags | Should -Be raw
        $imported.Aliases | Should -Be latest
        $imported.Description | Should -Be why
        $imported.Metadata.a.b | Should -Be 1
        $imported | Get-ArtifactContent -Path labels.csv | Should -Be 0
        Test-Artifact mnist -Store $other -Quiet | Should -BeTrue
    }

    It 'applies -Name and -Alias' {
        $imported = Import-Artifact "$TestDrive/mnist*.zip" -Name other -Alias a, b -Store $other

        $imported.Reference | Should -Be other:v0
        $imported.Aliases | Should -Be latest, a, b
    }

    It 'accepts archives from the pipeline after an error' {
        $bad = New-TestFile 'no archive.zip' 'no archive'
        $imported = [IO.FileInfo]::new($bad), (Get-Item -LiteralPath $archive) |
            Import-Artifact -Store $other -ErrorVariable problems -ErrorAction SilentlyContinue

        $imported.Name | Should -Be mnist
        $problems[0].TargetObject | Should -Be $bad
    }

    It 'accepts an archive that Compress-Archive created' -Skip:(-not (Get-Command Compress-Archive -ErrorAction Ignore)) {
        Expand-Archive -LiteralPath $archive "$TestDrive/unpacked"
        Compress-Archive "$TestDrive/unpacked/*" "$TestDrive/again.zip"

        (Import-Artifact "$TestDrive/again.zip" -Store $other).Digest | Should -Be $version.Digest
    }

    It 'returns the existing version of equal content' {
        (Import-Artifact -LiteralPath $archive).Deduplicated | Should -BeTrue
    }

    It 'rejects a file that is no archive' {
        $bad = New-TestFile 'bad.zip' 'PK'
        Assert-Error { Import-Artifact $bad -Store $other } InvalidArchive InvalidData $bad bad.zip, Export-Artifact

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'rejects an archive with a changed file' {
        $changed = "$TestDrive/changed.zip"
        Copy-Item -LiteralPath $archive $changed
        $zip = [IO.Compression.ZipFile]::Open($changed, 'Update')
        $zip.GetEntry('files/labels.csv').Delete()
        $stream = $zip.CreateEntry('files/labels.csv').Open()
        $stream.WriteByte(49)
        $stream.Dispose()
        $zip.Dispose()
        Assert-Error { Import-Artifact $changed -Store $other } InvalidArchive InvalidData $changed labels.csv

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'rejects an invalid <Parameter>' -TestCases @(
        @{ Parameter = 'Name'; Value = 'a b'; Id = 'InvalidArtifactName' }
        @{ Parameter = 'Alias'; Value = 'v3'; Id = 'InvalidArtifactAlias' }
    ) {
        $parameters = @{ $Parameter = $Value }
        Assert-Error { Import-Artifact -LiteralPath $archive -Store $other @parameters } $Id InvalidArgument $Value
    }

    It 'reports a missing archive and imports the others' {
        $imported = Import-Artifact -LiteralPath "$TestDrive/none.zip", $archive -Store $other -ErrorVariable problems -ErrorAction SilentlyContinue

        $imported.Name | Should -Be mnist
        $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        $problems[0].TargetObject | Should -Be "$TestDrive/none.zip"
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'shows what rules refuse with -WhatIf' {
        Protect-ArtifactAlias prod -RequireTag reviewed -Store $other
        Assert-Error { Import-Artifact -LiteralPath $archive -Alias prod -Store $other -WhatIf } AliasProtected PermissionDenied $archive reviewed
        Import-Artifact -LiteralPath $archive -Alias other -Store $other -WhatIf
        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'publishes nothing under -WhatIf' {
        Import-Artifact -LiteralPath $archive -Store $other -WhatIf

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Import-Artifact' {
    BeforeAll {
        $archive = Join-Path $TestDrive 'mnist [1].zip'
        $version = New-TestVersion mnist @{ 'labels.csv' = '0'; 'größe [1].txt' = 'x' } @{ Alias = 'prod'; Tag = 'raw' }
        Export-Artifact mnist $archive
    }

    BeforeEach {
        $other = Join-Path $TestDrive "other $([guid]::NewGuid())"
        $null = New-ArtifactStore $other
    }

    It 'publishes what was exported, with the same digest' {
        $imported = Import-Artifact -LiteralPath $archive -Store $other

        $imported.Reference | Should -Be mnist:v0
        $imported.Digest | Should -Be $version.Digest
        $imported.Tags | Should -Be raw
        $imported.Aliases | Should -Be latest
        Test-Artifact mnist -Store $other -Quiet | Should -BeTrue
    }

    It 'gives it the name and the aliases that are asked for' {
        $imported = Import-Artifact "$TestDrive/mnist*.zip" -Name other -Alias a, b -Store $other

        $imported.Reference | Should -Be other:v0
        $imported.Aliases | Should -Be latest, a, b
    }

    It 'takes archives down the pipeline' {
        (Get-Item -LiteralPath $archive | Import-Artifact -Store $other).Name | Should -Be mnist
    }

    It 'takes an archive that was made anew of its files' -Skip:(-not (Get-Command Compress-Archive -ErrorAction Ignore)) {
        Expand-Archive -LiteralPath $archive "$TestDrive/unpacked"
        Compress-Archive "$TestDrive/unpacked/*" "$TestDrive/again.zip"

        (Import-Artifact "$TestDrive/again.zip" -Store $other).Digest | Should -Be $version.Digest
    }

    It 'finds what is there already' {
        (Import-Artifact -LiteralPath $archive).Deduplicated | Should -BeTrue
    }

    It 'refuses what is no such archive' {
        $bad = New-TestFile 'bad.zip' 'PK'
        { Import-Artifact $bad -Store $other -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArchive,*'
        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }

    It 'has an error for an archive that isn''t there, and imports the others' {
        Import-Artifact -LiteralPath "$TestDrive/none.zip", $archive -Store $other -ErrorVariable problems -ErrorAction SilentlyContinue |
            ForEach-Object Name | Should -Be mnist
        $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }

    It 'publishes nothing under -WhatIf' {
        Import-Artifact -LiteralPath $archive -Store $other -WhatIf

        Get-Artifact -Store $other | Should -BeNullOrEmpty
    }
}

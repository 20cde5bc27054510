BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Export-Artifact' {
    BeforeAll {
        $null = New-TestVersion mnist @{ 'labels.csv' = '0,1'; 'raw/größe [1].txt' = 'x' }
    }

    BeforeEach { $archive = Join-Path $TestDrive "$([guid]::NewGuid()).zip" }

    It 'creates an archive that Expand-Archive reads' {
        Export-Artifact mnist $archive
        Expand-Archive $archive "$archive.d"
        $zip = [IO.Compression.ZipFile]::OpenRead($archive)
        try { $zip.Entries.FullName | Should -Be artifact.json, files/labels.csv, 'files/raw/größe [1].txt' } finally { $zip.Dispose() }

        Get-Content "$archive.d/files/labels.csv" | Should -Be '0,1'
        Get-Content -LiteralPath "$archive.d/files/raw/größe [1].txt" | Should -Be x
    }

    It 'describes the version in artifact.json' {
        Export-Artifact mnist $archive
        Expand-Archive $archive "$archive.d"
        $manifest = Get-Content "$archive.d/artifact.json" -Raw | ConvertFrom-Json

        $manifest.format | Should -Be 1
        $manifest.name | Should -Be mnist
        "sha256:$($manifest.digest)" | Should -Be (Get-Artifact mnist).Digest
        $manifest.entries.path | Should -Be 'labels.csv', 'raw/größe [1].txt'
        $manifest.entries[0].sha256 | Should -Be (Get-FileHash "$archive.d/files/labels.csv").Hash
    }

    It 'outputs the archive only with -PassThru' {
        Export-Artifact mnist $archive | Should -BeNullOrEmpty
        (Export-Artifact mnist $archive -Force -PassThru).FullName | Should -Be $archive
    }

    It 'applies -CompressionLevel' {
        $null = New-TestVersion text @{ 'long.txt' = 'x' * 100000 }
        $small = Export-Artifact text $archive -PassThru
        $large = Export-Artifact text "$archive.2" -CompressionLevel NoCompression -PassThru

        $small.Length | Should -BeLessThan 5000
        $large.Length | Should -BeGreaterThan 100000
    }

    It 'replaces an archive only with -Force' {
        Set-Content $archive mine
        Assert-Error { Export-Artifact mnist $archive } ArchiveExists ResourceExists mnist $archive, '-Force'
        Get-Content $archive | Should -Be mine
        Export-Artifact mnist $archive -Force

        Expand-Archive $archive "$archive.d"
        "$archive.d/artifact.json" | Should -Exist
    }

    It 'rejects a folder as the archive' {
        Assert-Error { Export-Artifact mnist "$TestDrive" } FileUnreadable ReadError mnist mnist.zip
    }

    It 'rejects a drive without files' {
        Assert-Error { Export-Artifact mnist Variable:x } NotAFileSystemPath InvalidArgument mnist Variable
    }

    It 'records the mode of executable files' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $file = New-TestFile 'run.sh' '#!/bin/sh'
        chmod 755 $file
        $null = New-Artifact tool tool | Add-ArtifactFile $file | Publish-Artifact
        Export-Artifact tool $archive
        $zip = [IO.Compression.ZipFile]::OpenRead($archive)
        try { $attributes = $zip.GetEntry('files/run.sh').ExternalAttributes } finally { $zip.Dispose() }

        ($attributes -shr 16) -band 0xFFFF | Should -Be 0x81ED
    }

    It 'creates an archive for each version from the pipeline' {
        $null = New-TestVersion twice @{ 'a' = '1' }
        $null = New-TestVersion twice @{ 'a' = '2' }
        Get-Artifact twice -AllVersions | Export-Artifact -Path { Join-Path $TestDrive "$($_.Name)-$($_.Version) [1].zip" }

        Test-Path -LiteralPath "$TestDrive/twice-v0 [1].zip" | Should -BeTrue
        Test-Path -LiteralPath "$TestDrive/twice-v1 [1].zip" | Should -BeTrue
    }

    It 'leaves no file after a failure' {
        { Export-Artifact none $archive -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        $archive | Should -Not -Exist
    }

    It 'creates nothing under -WhatIf' {
        Export-Artifact mnist $archive -WhatIf

        $archive | Should -Not -Exist
    }
}

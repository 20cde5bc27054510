BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Export-Artifact' {
    BeforeAll {
        $null = New-TestVersion mnist @{ 'labels.csv' = '0,1'; 'raw/größe [1].txt' = 'x' }
    }

    BeforeEach { $archive = Join-Path $TestDrive "$([guid]::NewGuid()).zip" }

    It 'writes an archive that Expand-Archive reads' {
        Export-Artifact mnist $archive
        Expand-Archive $archive "$archive.d"

        Get-Content "$archive.d/files/labels.csv" | Should -Be '0,1'
        Get-Content -LiteralPath "$archive.d/files/raw/größe [1].txt" | Should -Be x
    }

    It 'says in artifact.json what the version is' {
        Export-Artifact mnist $archive
        Expand-Archive $archive "$archive.d"
        $manifest = Get-Content "$archive.d/artifact.json" -Raw | ConvertFrom-Json

        $manifest.format | Should -Be 1
        $manifest.name | Should -Be mnist
        "sha256:$($manifest.digest)" | Should -Be (Get-Artifact mnist).Digest
        $manifest.entries.path | Should -Be 'labels.csv', 'raw/größe [1].txt'
        $manifest.entries[0].sha256 | Should -Be (Get-FileHash "$archive.d/files/labels.csv").Hash
    }

    It 'writes the archive only with -PassThru' {
        Export-Artifact mnist $archive | Should -BeNullOrEmpty
        (Export-Artifact mnist $archive -Force -PassThru).FullName | Should -Be $archive
    }

    It 'compresses as it is told' {
        $null = New-TestVersion text @{ 'long.txt' = 'x' * 100000 }
        $small = Export-Artifact text $archive -PassThru
        $large = Export-Artifact text "$archive.2" -CompressionLevel NoCompression -PassThru

        $small.Length | Should -BeLessThan 5000
        $large.Length | Should -BeGreaterThan 100000
    }

    It 'replaces an archive only with -Force' {
        Export-Artifact mnist $archive
        { Export-Artifact mnist $archive -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveExists,*'
        { Export-Artifact mnist $archive -Force -ErrorAction Stop } | Should -Not -Throw
    }

    It 'takes versions down the pipeline' {
        Get-Artifact mnist | Export-Artifact -Path { Join-Path $TestDrive "$($_.Name)-$($_.Version).zip" }

        "$TestDrive/mnist-v0.zip" | Should -Exist
    }

    It 'leaves nothing behind when it fails' {
        { Export-Artifact none $archive -ErrorAction Stop } | Should -Throw -ErrorId 'ArtifactNotFound,*'
        $archive | Should -Not -Exist
    }

    It 'writes nothing under -WhatIf' {
        Export-Artifact mnist $archive -WhatIf

        $archive | Should -Not -Exist
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Export-ArtifactChecksum' {
    BeforeAll {
        $null = New-TestVersion sums @{ 'weights.bin' = 'weights'; 'dir/größe x.txt' = 'text' }
        Save-Artifact sums "$TestDrive/sums"
    }

    It 'writes the SHA-256 of all files' {
        Export-ArtifactChecksum sums "$TestDrive/SHA256SUMS"

        $lines = [IO.File]::ReadAllText("$TestDrive/SHA256SUMS")
        $lines | Should -Not -BeLike "*`r*"
        $expected = foreach ($name in 'dir/größe x.txt', 'weights.bin') {
            (Get-FileHash -LiteralPath "$TestDrive/sums/$name").Hash.ToLower() + "  $name`n"
        }
        $lines | Should -Be (-join $expected)
        Assert-Error { Export-ArtifactChecksum sums "$TestDrive/SHA256SUMS" } ArchiveExists ResourceExists
        Export-ArtifactChecksum sums "$TestDrive/SHA256SUMS" -Force
    }

    It 'writes a list that sha256sum checks' -Skip:(-not (Get-Command sha256sum -ErrorAction Ignore)) {
        Export-ArtifactChecksum sums "$TestDrive/SUMS" -Force
        Push-Location "$TestDrive/sums"
        try {
            sha256sum -c ../SUMS | Should -Be 'dir/größe x.txt: OK', 'weights.bin: OK'
        }
        finally { Pop-Location }
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Compare-Artifact' {
    It 'says when only the executable bit differs' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
        $file = New-TestFile 'bits/run.sh' '#!/bin/sh'
        $null = New-Artifact bits dataset | Add-ArtifactFile $file | Publish-Artifact
        chmod +x $file
        $null = New-Artifact bits dataset | Add-ArtifactFile $file | Publish-Artifact
        $difference = Compare-Artifact bits:v0 bits:v1

        $difference.OnlyExecutableDiffers, $difference.DifferenceExecutable | Should -Be $true, $true
        "$difference" | Should -Be 'Modified: run.sh (now executable)'
        $difference | Format-Table | Out-String | Should -Match 'run\.sh \(now executable\)'
        (Compare-Artifact bits:v1 bits:v0).Detail | Should -Be 'no longer executable'
    }

    BeforeAll {
        $v0 = New-TestVersion compared @{ 'same.txt' = 's'; 'gone [1].txt' = 'g'; 'dir/größe 日本.csv' = 'one' }
        $v1 = New-TestVersion compared @{ 'same.txt' = 's'; 'new.txt' = 'n'; 'dir/größe 日本.csv' = 'three' }
    }

    It 'returns added, removed and modified entries, sorted by path' {
        $differences = Compare-Artifact compared:v0 compared:v1

        $differences.EntryPath | Should -Be 'dir/größe 日本.csv', 'gone [1].txt', 'new.txt'
        $differences.Change | Should -Be Modified, Removed, Added
        $differences[0].ReferenceSize, $differences[0].DifferenceSize | Should -Be 3, 5
        $differences[1].DifferenceSize | Should -BeNullOrEmpty
        $differences[2].ReferenceSize | Should -BeNullOrEmpty
        $differences[2].DifferenceSize | Should -Be 1
    }

    It 'reverses differences for reversed versions' {
        (Compare-Artifact compared:v1 compared:v0).Change | Should -Be Modified, Added, Removed
    }

    It 'returns nothing for equal versions' {
        Compare-Artifact compared:v1 compared | Should -BeNullOrEmpty
    }

    It 'compares artifacts of different names' {
        $null = New-TestVersion copy @{ 'same.txt' = 's'; 'new.txt' = 'n'; 'dir/größe 日本.csv' = 'three' }

        Compare-Artifact compared copy | Should -BeNullOrEmpty
    }

    It 'compares each version from the pipeline' {
        @($v0, $v1 | Compare-Artifact compared:v0).Count | Should -Be 3
    }

    It 'compares with a draft' {
        $draft = New-ArtifactDraft compared:v1 | Remove-ArtifactEntry dir/

        (Compare-Artifact compared:v1 $draft).EntryPath | Should -Be 'dir/größe 日本.csv'
        (Compare-Artifact $draft compared:v1).Change | Should -Be Added
    }

    It 'leaves out stores in a folder, as Add-ArtifactDirectory does' {
        $null = New-TestFile 'with store/same.txt' 's'
        $null = New-ArtifactStore "$TestDrive/with store/store"
        $version = New-Artifact stored dataset | Add-ArtifactDirectory "$TestDrive/with store" -WarningAction SilentlyContinue | Publish-Artifact

        Compare-Artifact $version "$TestDrive/with store" | Should -BeNullOrEmpty
    }

    It 'compares with a folder' {
        $folder = Join-Path $TestDrive 'worktree'
        Save-Artifact compared:v0 $folder
        Compare-Artifact compared:v0 $folder | Should -BeNullOrEmpty
        Set-Content -LiteralPath "$folder/same.txt" -Value 't' -NoNewline
        Remove-Item -LiteralPath "$folder/gone [1].txt"
        Set-Content -LiteralPath "$folder/dir/more.txt" -Value 'more' -NoNewline
        Set-Content -LiteralPath "$folder/left out" -Value 'x'
        Set-Content -LiteralPath "$folder/.artifactignore" -Value "left out`n.artifactignore"

        $differences = Compare-Artifact compared:v0 $folder

        $differences.EntryPath | Should -Be 'gone [1].txt', 'same.txt', 'dir/more.txt'
        $differences.Change | Should -Be Removed, Modified, Added
        $differences[2].DifferenceSize | Should -Be 4
        $differences[0].Reference, $differences[0].Difference | Should -Be 'compared:v0', $folder
        (Get-Item $folder | Compare-Artifact compared:v0).Count | Should -Be 3
        Push-Location $TestDrive
        try { (Compare-Artifact compared:v0 ./worktree).Count | Should -Be 3 }
        finally { Pop-Location }
        ($differences | Out-String) | Should -Match 'compared:v0 -> '
    }

    It 'counts the differences with -Summary' {
        $summary = Compare-Artifact compared:v0 compared:v1 -Summary

        $summary.Added, $summary.Removed, $summary.Modified | Should -Be 1, 1, 1
        $summary.OldBytes, $summary.NewBytes | Should -Be 4, 6
        $summary.IsEqual | Should -BeFalse
        (Compare-Artifact compared:v1 compared:v1 -Summary).IsEqual | Should -BeTrue
    }

    It 'reports a folder that is missing' {
        Assert-Error { Compare-Artifact compared:v0 ./nowhere } FileNotFound ObjectNotFound ./nowhere nowhere
    }

    It 'does not read content' {
        $damaged = (New-ArtifactStore "$TestDrive/damaged" -Compression None).Location
        $file = New-TestFile 'large' ('x' * 9MB)
        $null = New-Artifact bare dataset -Store $damaged | Add-ArtifactFile $file | Publish-Artifact
        $null = New-ArtifactDraft bare -Store $damaged | Remove-ArtifactEntry large | Publish-Artifact -AllowEmpty
        Get-ChildItem "$damaged/objects" -Recurse -File | Where-Object Length -GE 9MB | Remove-Item -Force

        (Compare-Artifact bare:v0 bare:v1 -Store $damaged).Change | Should -Be Removed
    }

    It 'reports <Missing> that is missing' -TestCases @(
        @{ Reference = 'unknown'; Difference = 'compared'; Missing = 'unknown'; Id = 'ArtifactNotFound' }
        @{ Reference = 'compared'; Difference = 'unknown'; Missing = 'unknown'; Id = 'ArtifactNotFound' }
        @{ Reference = 'compared:v9'; Difference = 'compared'; Missing = 'compared:v9'; Id = 'ArtifactVersionNotFound' }
        @{ Reference = 'compared'; Difference = 'compared:v9'; Missing = 'compared:v9'; Id = 'ArtifactVersionNotFound' }
    ) {
        Assert-Error { Compare-Artifact $Reference $Difference } $Id ObjectNotFound $Missing $Missing
    }
}

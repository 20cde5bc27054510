BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Test-Artifact' {
    BeforeAll {
        $version = New-TestVersion tested @{ 'a.txt' = 'a'; 'dir/x [1].csv' = 'x'; '日本.txt' = 'nihon' }
    }

    Context 'folder' {
        BeforeEach {
            $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName())
            Save-Artifact tested $out
        }

        It 'returns nothing for an intact folder' {
            Test-Artifact tested -Path $out | Should -BeNullOrEmpty
            Test-Artifact tested $out -Quiet | Should -BeTrue
        }

        It 'returns missing, changed and extra files' {
            Remove-Item "$out/a.txt"
            [IO.File]::WriteAllText("$out/dir/x [1].csv", 'y')
            $null = New-Item "$out/größe.txt"
            $findings = Test-Artifact tested -Path $out | Sort-Object EntryPath

            $findings.EntryPath | Should -Be 'a.txt', 'dir/x [1].csv', 'größe.txt'
            $findings.Problem | Should -Be Missing, Changed, Extra
            $findings.Artifact | Select-Object -Unique | Should -Be 'tested:v0'
            $findings[0].GetType().Name | Should -Be ArtifactFinding
            $findings.Message | Should -Not -BeNullOrEmpty
            $findings[1].Size | Should -Be 1
            $findings[1].Digest | Should -Match '^sha256:'
            $findings[2].Digest | Should -BeNullOrEmpty
        }

        It 'returns False with -Quiet' {
            Remove-Item "$out/a.txt"

            Test-Artifact tested -Path $out -Quiet | Should -BeFalse
        }

        It 'detects an edit that keeps size and time' {
            $time = (Get-Item "$out/a.txt").LastWriteTimeUtc
            [IO.File]::WriteAllText("$out/a.txt", 'b')
            (Get-Item "$out/a.txt").LastWriteTimeUtc = $time

            (Test-Artifact tested -Path $out).Problem | Should -Be Changed
        }

        It 'detects a changed executable bit' -Skip:($IsWindows -or $PSEdition -eq 'Desktop') {
            chmod +x "$out/a.txt"
            $finding = Test-Artifact tested $out

            $finding.EntryPath | Should -Be a.txt
            $finding.Message | Should -BeLike '*executable*'
        }

        It 'accepts a relative folder with brackets' {
            Save-Artifact tested "$out [1]"
            Push-Location $TestDrive
            try { $version | Test-Artifact -Path "./$(Split-Path $out -Leaf) [1]" | Should -BeNullOrEmpty } finally { Pop-Location }
        }

        It 'resolves a folder on a PSDrive' {
            Test-Artifact tested -Path "TestDrive:/$(Split-Path $out -Leaf)" -Quiet | Should -BeTrue
        }

        It 'reports a missing folder' {
            Assert-Error { Test-Artifact tested -Path "$TestDrive/nowhere" } FileNotFound ObjectNotFound tested nowhere
        }
    }

    Context 'stored version' {
        It 'returns nothing for an intact version' {
            Test-Artifact tested | Should -BeNullOrEmpty
            $version | Test-Artifact -Quiet | Should -BeTrue
        }

        It 'returns entries with damaged content' {
            Edit-StoredText $env:ARTIFACTS_STORE nihon nippo

            (Test-Artifact tested).EntryPath | Should -Be '日本.txt'
            (Test-Artifact tested).Problem | Should -Be Changed
            Test-Artifact tested -Quiet | Should -BeFalse
        }
    }

    It 'reports a missing artifact and tests the others' {
        $results = 'unknown', 'tested' | Test-Artifact -Quiet -ErrorVariable problems -ErrorAction SilentlyContinue

        @($results).Count | Should -Be 1
        $results | Should -BeOfType bool
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
        $problems[0].TargetObject | Should -Be unknown
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }
}

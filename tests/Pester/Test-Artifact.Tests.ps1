BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Test-Artifact' {
    BeforeAll {
        $version = New-TestVersion tested @{ 'a.txt' = 'a'; 'dir/x [1].csv' = 'x'; '日本.txt' = 'nihon' }
    }

    Context 'a folder' {
        BeforeEach {
            $out = Join-Path $TestDrive ([IO.Path]::GetRandomFileName())
            Save-Artifact tested $out
        }

        It 'writes nothing when the folder is as the version says' {
            Test-Artifact tested -Path $out | Should -BeNullOrEmpty
            Test-Artifact tested $out -Quiet | Should -BeTrue
        }

        It 'writes what is missing, changed or extra' {
            Remove-Item "$out/a.txt"
            [IO.File]::WriteAllText("$out/dir/x [1].csv", 'y')
            $null = New-Item "$out/größe.txt"
            $findings = Test-Artifact tested -Path $out | Sort-Object Path

            $findings.Path | Should -Be 'a.txt', 'dir/x [1].csv', 'größe.txt'
            $findings.Problem | Should -Be Missing, Changed, Extra
            $findings.Artifact | Select-Object -Unique | Should -Be 'tested:v0'
        }

        It 'says False with -Quiet' {
            Remove-Item "$out/a.txt"

            Test-Artifact tested -Path $out -Quiet | Should -BeFalse
        }

        It 'notices an edit of the same size whose time was put back' {
            $time = (Get-Item "$out/a.txt").LastWriteTimeUtc
            [IO.File]::WriteAllText("$out/a.txt", 'b')
            (Get-Item "$out/a.txt").LastWriteTimeUtc = $time

            (Test-Artifact tested -Path $out).Problem | Should -Be Changed
        }

        It 'resolves the folder on a PSDrive' {
            Test-Artifact tested -Path "TestDrive:/$(Split-Path $out -Leaf)" -Quiet | Should -BeTrue
        }

        It 'has an error for a folder that isn''t there' {
            { Test-Artifact tested -Path "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'FileNotFound,*'
        }
    }

    Context 'a stored version' {
        It 'writes nothing when all is right' {
            Test-Artifact tested | Should -BeNullOrEmpty
            $version | Test-Artifact -Quiet | Should -BeTrue
        }

        It 'writes the entries whose bytes are damaged' {
            foreach ($object in Get-ChildItem "$env:ARTIFACTS_STORE/objects" -Recurse -File) {
                $object.IsReadOnly = $false
                $text = [IO.File]::ReadAllText($object)
                [IO.File]::WriteAllText($object, $text.Replace('nihon', 'nippo'))
            }

            (Test-Artifact tested).Path | Should -Be '日本.txt'
            Test-Artifact tested -Quiet | Should -BeFalse
        }
    }

    It 'tests each that comes down the pipeline, and has an error for an unknown one' {
        $results = 'unknown', 'tested' | Test-Artifact -Quiet -ErrorVariable problems -ErrorAction SilentlyContinue

        @($results).Count | Should -Be 1
        $problems.FullyQualifiedErrorId | Should -BeLike 'ArtifactNotFound,*'
    }
}

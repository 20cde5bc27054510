BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Should-HaveSameContentAs' {
    BeforeAll {
        $null = New-TestVersion app @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' }
        $folder = "$TestDrive/app"
        Save-Artifact app $folder
        Copy-Item $folder "$TestDrive/changed" -Recurse
        [IO.File]::WriteAllText("$TestDrive/changed/a.txt", 'c')
        $null = New-TestFile 'changed/extra.txt'
    }

    It 'accepts equal <Actual> and <Expected>' -ForEach @(
        @{ Actual = 'app/a.txt'; Expected = 'changed/dir/../../app/a.txt' }
        @{ Actual = 'app'; Expected = 'app' }
        @{ Actual = 'app'; Expected = 'app:v0' }
        @{ Actual = 'app:v0'; Expected = 'app:latest' }
    ) {
        Push-Location $TestDrive
        try { $Actual | Should-HaveSameContentAs $Expected | Should -BeNullOrEmpty }
        finally { Pop-Location }
    }

    It 'refuses <Actual> and <Expected>' -ForEach @(
        @{ Actual = 'changed/a.txt'; Expected = 'app/a.txt'; Text = 'bytes' }
        @{ Actual = 'changed'; Expected = 'app'; Text = "Changed 'a.txt'; Extra 'extra.txt'" }
        @{ Actual = 'changed'; Expected = 'app:v0'; Text = "Changed 'a.txt'" }
        @{ Actual = 'app/a.txt'; Expected = 'app'; Text = 'is a file' }
    ) {
        Push-Location $TestDrive
        try { Assert-Error { $Actual | Should-HaveSameContentAs $Expected } ArtifactAssertionFailed InvalidData -ErrorText $Text }
        finally { Pop-Location }
    }

    It 'compares versions' {
        $null = New-TestVersion other @{ 'a.txt' = 'a'; 'c.txt' = 'c' }
        Assert-Error { 'other:v0' | Should-HaveSameContentAs app:v0 } ArtifactAssertionFailed InvalidData -ErrorText "Extra 'c.txt'", "Missing 'dir/b.txt'"
    }
}

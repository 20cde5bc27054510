BeforeDiscovery {
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Assertions' {
    BeforeAll {
        $null = New-TestVersion app @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' }
        $folder = "$TestDrive/app"
        Save-Artifact app $folder
        Copy-Item $folder "$TestDrive/changed" -Recurse
        [IO.File]::WriteAllText("$TestDrive/changed/a.txt", 'c')
        $null = New-TestFile 'changed/extra.txt'
    }

    It 'Should-BeArtifact accepts the folder of a version' {
        $folder | Should-BeArtifact app:v0 | Should -BeNullOrEmpty
        Get-Item $folder | Should-BeArtifact (Get-Artifact app)
        Should-BeArtifact app -Actual $folder
    }

    It 'Should-BeArtifact names the differences and the reason' {
        Assert-Error { "$TestDrive/changed" | Should-BeArtifact app -Because 'it is released' } ArtifactAssertionFailed InvalidData -ErrorText app:v0, 'because it is released', "Changed 'a.txt'", "Extra 'extra.txt'"
        Assert-Error { "$TestDrive/none" | Should-BeArtifact app } ArtifactAssertionFailed InvalidData -ErrorText 'does not exist'
    }

    It 'Should-HaveSameContentAs accepts equal <Actual> and <Expected>' -ForEach @(
        @{ Actual = 'app/a.txt'; Expected = 'changed/dir/../../app/a.txt' }
        @{ Actual = 'app'; Expected = 'app' }
        @{ Actual = 'app'; Expected = 'app:v0' }
        @{ Actual = 'app:v0'; Expected = 'app:latest' }
    ) {
        Push-Location $TestDrive
        try { $Actual | Should-HaveSameContentAs $Expected | Should -BeNullOrEmpty }
        finally { Pop-Location }
    }

    It 'Should-HaveSameContentAs refuses <Actual> and <Expected>' -ForEach @(
        @{ Actual = 'changed/a.txt'; Expected = 'app/a.txt'; Text = 'bytes' }
        @{ Actual = 'changed'; Expected = 'app'; Text = "Changed 'a.txt'; Extra 'extra.txt'" }
        @{ Actual = 'changed'; Expected = 'app:v0'; Text = "Changed 'a.txt'" }
        @{ Actual = 'app/a.txt'; Expected = 'app'; Text = 'is a file' }
    ) {
        Push-Location $TestDrive
        try { Assert-Error { $Actual | Should-HaveSameContentAs $Expected } ArtifactAssertionFailed InvalidData -ErrorText $Text }
        finally { Pop-Location }
    }

    It 'Should-HaveSameContentAs compares versions' {
        $null = New-TestVersion other @{ 'a.txt' = 'a'; 'c.txt' = 'c' }
        Assert-Error { 'other:v0' | Should-HaveSameContentAs app:v0 } ArtifactAssertionFailed InvalidData -ErrorText "Extra 'c.txt'", "Missing 'dir/b.txt'"
    }

    It 'Should-HaveValidSignature accepts only trusted signers' -Skip:(-not $hasPem) {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey asserted
        Assert-Error { 'app' | Should-HaveValidSignature -TrustedKey "$key.pub" } ArtifactAssertionFailed InvalidData -ErrorText NotSigned
        $null = Set-ArtifactSignature app -KeyPath "$key.pem"

        'app' | Should-HaveValidSignature -TrustedKey "$key.pub" | Should -BeNullOrEmpty
        Assert-Error { 'app' | Should-HaveValidSignature } ArtifactAssertionFailed InvalidData -ErrorText NotTrusted
    }
}

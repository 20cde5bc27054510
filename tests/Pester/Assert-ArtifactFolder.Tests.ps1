BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Should-BeArtifact' {
    BeforeAll {
        $null = New-TestVersion app @{ 'a.txt' = 'a'; 'dir/b.txt' = 'b' }
        $folder = "$TestDrive/app"
        Save-Artifact app $folder
        Copy-Item $folder "$TestDrive/changed" -Recurse
        [IO.File]::WriteAllText("$TestDrive/changed/a.txt", 'c')
        $null = New-TestFile 'changed/extra.txt'
    }

    It 'accepts the folder of a version' {
        $folder | Should-BeArtifact app:v0 | Should -BeNullOrEmpty
        Get-Item $folder | Should-BeArtifact (Get-Artifact app)
        Should-BeArtifact app -Actual $folder
    }

    It 'names the differences and the reason' {
        Assert-Error { "$TestDrive/changed" | Should-BeArtifact app -Because 'it is released' } ArtifactAssertionFailed InvalidData -ErrorText app:v0, 'because it is released', "Changed 'a.txt'", "Extra 'extra.txt'"
        Assert-Error { "$TestDrive/none" | Should-BeArtifact app } ArtifactAssertionFailed InvalidData -ErrorText 'does not exist'
    }
}

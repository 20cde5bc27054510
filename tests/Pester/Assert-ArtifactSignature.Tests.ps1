BeforeDiscovery {
    # .NET Framework writes no keys in PEM.
    $hasPem = $PSEdition -eq 'Core' -and $env:ARTIFACTS_TFM -ne 'netstandard2.0'
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Should-HaveValidSignature' {
    BeforeAll { $null = New-TestVersion app @{ 'a.txt' = 'a' } }

    It 'accepts only trusted signers' -Skip:(-not $hasPem) {
        . $PSScriptRoot/SigningSetup.ps1
        $key = New-TestKey asserted
        Assert-Error { 'app' | Should-HaveValidSignature -TrustedKey "$key.pub" } ArtifactAssertionFailed InvalidData -ErrorText NotSigned
        $null = Set-ArtifactSignature app -KeyPath "$key.pem"

        'app' | Should-HaveValidSignature -TrustedKey "$key.pub" | Should -BeNullOrEmpty
        Assert-Error { 'app' | Should-HaveValidSignature } ArtifactAssertionFailed InvalidData -ErrorText NotTrusted
    }
}

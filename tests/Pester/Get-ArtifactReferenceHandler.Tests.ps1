BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactReferenceHandler' {
    BeforeEach { $probe, $open = { param($uri) @{ Size = 4; ETag = $uri } }, { param($uri) 'text' } }
    AfterEach { Get-ArtifactReferenceHandler | Unregister-ArtifactReferenceHandler }

    It 'lists handlers by scheme, ignoring case' {
        $null = Register-ArtifactReferenceHandler HF -Probe $probe -Open $open
        $null = Register-ArtifactReferenceHandler other -Probe $probe -Open $open

        (Get-ArtifactReferenceHandler).Scheme | Should -Be hf, other
        (Get-ArtifactReferenceHandler o*).Scheme | Should -Be other
        (Get-ArtifactReferenceHandler Hf).Scheme | Should -Be hf
    }

    It 'reports a scheme without a handler' {
        Assert-Error { Get-ArtifactReferenceHandler none } ReferenceHandlerNotFound ObjectNotFound none 'Get-ArtifactReferenceHandler'
    }
}

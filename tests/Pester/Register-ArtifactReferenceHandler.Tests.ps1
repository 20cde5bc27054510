BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Register-ArtifactReferenceHandler' {
    BeforeEach { $probe, $open = { param($uri) @{ Size = 4; ETag = $uri } }, { param($uri) 'text' } }
    AfterEach { Get-ArtifactReferenceHandler | Unregister-ArtifactReferenceHandler }

    It 'outputs the handler' {
        $handler = Register-ArtifactReferenceHandler HF -Probe $probe -Open $open

        $handler.Scheme | Should -BeExactly hf
        $handler.Probe | Should -Be $probe
        $handler.Open | Should -Be $open
    }

    It 'refuses <Scheme>, which <Why>, without -Force' -TestCases @(
        @{ Scheme = 'https'; Why = 'the module reads' }
        @{ Scheme = 's3'; Why = 'a kind of store reads' }
        @{ Scheme = 'taken'; Why = 'has a handler' }
    ) {
        $null = Register-ArtifactReferenceHandler taken -Probe $probe -Open $open
        Assert-Error { Register-ArtifactReferenceHandler $Scheme -Probe $probe -Open $open } ReferenceHandlerExists ResourceExists $Scheme '-Force'

        (Register-ArtifactReferenceHandler $Scheme -Probe $open -Open $open -Force).Probe | Should -Be $open
        (Get-ArtifactReferenceHandler $Scheme).Probe | Should -Be $open
    }

    It 'refuses the scheme "<_>"' -TestCases 'file', 'c', 'a b', '1a', 'hf:' {
        Assert-Error { Register-ArtifactReferenceHandler $_ -Probe $probe -Open $open -Force } InvalidReferenceScheme InvalidArgument $_ 'letters'
    }

    It 'registers nothing under -WhatIf' {
        Register-ArtifactReferenceHandler hf -Probe $probe -Open $open -WhatIf | Should -BeNullOrEmpty
        Get-ArtifactReferenceHandler | Should -BeNullOrEmpty
    }

    It 'is of one session' {
        $null = Register-ArtifactReferenceHandler hf -Probe $probe -Open $open
        $session = [powershell]::Create()
        try {
            $session.AddScript("Import-Module '$manifestPath'; Get-ArtifactReferenceHandler").Invoke() | Should -BeNullOrEmpty
            $session.HadErrors | Should -BeFalse
        }
        finally { $session.Dispose() }
    }
}

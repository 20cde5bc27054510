BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Unregister-ArtifactReferenceHandler' {
    BeforeEach { $probe, $open = { param($uri) @{ Size = 4; ETag = $uri } }, { param($uri) 'text' } }
    AfterEach { Get-ArtifactReferenceHandler | Unregister-ArtifactReferenceHandler }

    It 'removes nothing under -WhatIf' {
        $null = Register-ArtifactReferenceHandler hf -Probe $probe -Open $open
        Unregister-ArtifactReferenceHandler hf -WhatIf

        (Get-ArtifactReferenceHandler).Scheme | Should -Be hf
    }

    It 'reports a scheme without a handler and goes on' {
        $null = Register-ArtifactReferenceHandler hf -Probe $probe -Open $open
        Assert-Error { Unregister-ArtifactReferenceHandler none, hf } ReferenceHandlerNotFound ObjectNotFound none 'Get-ArtifactReferenceHandler'

        Get-ArtifactReferenceHandler | Should -BeNullOrEmpty
    }

    It 'takes handlers from the pipeline and as an argument' {
        $first, $second = 'hf', 'other' | ForEach-Object { Register-ArtifactReferenceHandler $_ -Probe $probe -Open $open }
        $first | Unregister-ArtifactReferenceHandler
        Unregister-ArtifactReferenceHandler $second

        Get-ArtifactReferenceHandler | Should -BeNullOrEmpty
    }

    It 'completes schemes' {
        $null = Register-ArtifactReferenceHandler hf -Probe $probe -Open $open
        $null = Register-ArtifactReferenceHandler other -Probe $probe -Open $open
        $line = 'Unregister-ArtifactReferenceHandler O'

        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be other
    }
}

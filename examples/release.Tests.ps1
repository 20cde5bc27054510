<#
.SYNOPSIS
    Uses Pester as the gate of a release pipeline: a candidate is promoted if every assertion passes.
.DESCRIPTION
    Copy the context 'The candidate' to your own pipeline, adapt the artifact and the rules, and promote the version in the
    next step. This example first creates the candidate in a temporary store. It requires Pester 5 or later.
.EXAMPLE
    Invoke-Pester examples/release.Tests.ps1 -Output Detailed
#>
BeforeAll {
    if (-not (Get-Module Artifacts)) {
        Import-Module ([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'Artifacts.psd1'))
    }
    $store = Join-Path $TestDrive 'store'
    $null = New-ArtifactStore $store
    $PSDefaultParameterValues = @{ '*-Artifact*:Store' = $store }

    function New-Build([string] $Number, [string[]] $Files) {
        $build = Join-Path $TestDrive "build-$Number"
        foreach ($file in $Files) {
            $null = New-Item (Join-Path $build $file) -ItemType File -Value "$file of $Number" -Force
        }
        $build
    }

    # The files that a release must have.
    $expected = 'bin/app', 'docs/README.md', 'docs/licence.txt'
}

Describe 'A release' {
    BeforeAll {
        $old = New-Artifact app release -Metadata @{ number = '1.0' } |
            Add-ArtifactDirectory (New-Build '1.0' $expected) |
            Publish-Artifact -Alias prod
        $build = New-Build '1.1' $expected
        $candidate = New-Artifact app release -Metadata @{ number = '1.1' } |
            Add-ArtifactDirectory $build |
            Publish-Artifact -Alias candidate
    }

    Context 'The candidate' {
        It 'is a new version, after the one in production' {
            $candidate.Deduplicated | Should -BeFalse
            $candidate.VersionNumber | Should -BeGreaterThan (Get-Artifact app:prod).VersionNumber
            $candidate.Type | Should -Be release
            $candidate.Metadata.number | Should -Be '1.1'
        }

        It 'has the files of a release and no others' {
            (Get-ArtifactEntry app:candidate).EntryPath | Should -Be $expected
        }

        It 'has the built files, by digest' {
            foreach ($entry in Get-ArtifactEntry app:candidate) {
                $hash = (Get-FileHash -LiteralPath (Join-Path $build $entry.EntryPath) -Algorithm SHA256).Hash
                $entry.Digest | Should -Be "sha256:$($hash.ToLowerInvariant())" -Because $entry.EntryPath
            }
        }

        It 'has the same digest when it is created again' {
            $again = New-Artifact app release | Add-ArtifactDirectory $build

            $again.Digest | Should -Be $candidate.Digest
        }

        It 'has undamaged content in the store' {
            Test-Artifact app:candidate -Quiet | Should -BeTrue
        }

        It 'has all files of the previous release' {
            Compare-Artifact app:prod app:candidate | Where-Object Change -EQ Removed | Should -BeNullOrEmpty
        }

        It 'is not in production yet' {
            (Get-Artifact app:prod).Reference | Should -Be $old.Reference
        }
    }

    Context 'After promotion' {
        BeforeAll { $null = Set-ArtifactAlias app:candidate prod }

        It 'is restored for production' {
            (Get-Artifact app:prod).Digest | Should -Be $candidate.Digest

            Save-Artifact app:prod -Destination (Join-Path $TestDrive 'deployed')
            Test-Artifact app:prod -Path (Join-Path $TestDrive 'deployed') -Quiet | Should -BeTrue
            Get-Content (Join-Path $TestDrive 'deployed/bin/app') | Should -Be 'bin/app of 1.1'
        }

        It 'can be rolled back' {
            $null = Set-ArtifactAlias $old prod

            (Get-Artifact app:prod).Reference | Should -Be $old.Reference
            Test-Artifact app:prod -Quiet | Should -BeTrue
        }
    }
}

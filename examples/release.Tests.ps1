<#
.SYNOPSIS
    A release pipeline whose gate is Pester: a candidate is promoted once every assertion on it holds.
.DESCRIPTION
    Copy the blocks 'The candidate' into your own pipeline, with your own artifact and rules, and promote in the step after
    them. Here the candidate is made first, in a store that is gone afterwards. Needs Pester 5 or later, so pwsh or Windows
    PowerShell, not the Host.
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

    # What a release must have.
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
            (Get-ArtifactEntry app:candidate).Path | Should -Be $expected
        }

        It 'has what was built, by digest' {
            foreach ($entry in Get-ArtifactEntry app:candidate) {
                $hash = (Get-FileHash -LiteralPath (Join-Path $build $entry.Path) -Algorithm SHA256).Hash
                $entry.Digest | Should -Be "sha256:$($hash.ToLowerInvariant())" -Because $entry.Path
            }
        }

        It 'has the same digest when it is put together again' {
            $again = New-Artifact app release | Add-ArtifactDirectory $build

            $again.Digest | Should -Be $candidate.Digest
        }

        It 'is sound in the store' {
            Test-Artifact app:candidate -Quiet | Should -BeTrue
        }

        It 'loses no file of the release before' {
            Compare-Artifact app:prod app:candidate | Where-Object Change -EQ Removed | Should -BeNullOrEmpty
        }

        It 'is not in production yet' {
            (Get-Artifact app:prod).Reference | Should -Be $old.Reference
        }
    }

    Context 'After promotion' {
        BeforeAll { $null = Set-ArtifactAlias app:candidate prod }

        It 'is what production gets' {
            (Get-Artifact app:prod).Digest | Should -Be $candidate.Digest

            Save-Artifact app:prod -Destination (Join-Path $TestDrive 'deployed')
            Test-Artifact app:prod -Path (Join-Path $TestDrive 'deployed') -Quiet | Should -BeTrue
            Get-Content (Join-Path $TestDrive 'deployed/bin/app') | Should -Be 'bin/app of 1.1'
        }

        It 'can be taken back' {
            $null = Set-ArtifactAlias $old prod

            (Get-Artifact app:prod).Reference | Should -Be $old.Reference
            Test-Artifact app:prod -Quiet | Should -BeTrue
        }
    }
}

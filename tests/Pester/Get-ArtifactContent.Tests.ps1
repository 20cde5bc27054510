BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Get-ArtifactContent' {
    BeforeAll {
        $lines = New-TestFile 'lines.txt' "first`nzweite größe`r`n`nlast"
        $null = New-TestFile 'odd/a[1].txt' 'bracket'
        $null = New-TestFile 'odd/a1.txt' 'plain'
        [IO.File]::WriteAllBytes("$TestDrive/odd/bytes.bin", [byte[]] (0..255))
        $v0 = New-Artifact read dataset |
            Add-ArtifactFile $lines |
            Add-ArtifactDirectory "$TestDrive/odd" |
            Add-ArtifactObject data/rows.json -InputObject @([pscustomobject]@{ N = 1 }, [pscustomobject]@{ N = 2 }) |
            Publish-Artifact -Alias prod
        $null = New-ArtifactDraft read | Remove-ArtifactEntry lines.txt | Publish-Artifact
    }

    It 'returns the lines of a file' {
        Get-ArtifactContent read:v0 lines.txt | Should -Be first, 'zweite größe', '', last
    }

    It 'refuses by size what is too large for <Parameter>' -ForEach @(
        @{ Parameter = '-Raw'; Arguments = @{ Raw = $true }; Size = 1GB }
        @{ Parameter = '-AsByteStream'; Arguments = @{ AsByteStream = $true }; Size = 2GB }
    ) {
        $draft = New-Artifact huge dataset
        # There is no such content: the size alone decides.
        Add-ArtifactReference hf://example.org/huge.txt -Size $Size -NoChecksum -Artifact $draft
        $version = Publish-Artifact $draft
        $problems = $version | Get-ArtifactContent -Path huge.txt @Arguments 2>&1

        $problems.FullyQualifiedErrorId | Should -BeLike 'ContentTooLarge,*'
        "$problems" | Should -BeLike "*'huge.txt'*Save-Artifact*"
        { $version | Get-ArtifactContent -Path huge.txt @Arguments -Offset ($Size - 9) -ErrorAction Stop } |
            Should -Throw -ErrorId 'ReferenceNotReadable,*'
        $null = New-PSDrive huge Artifact $env:ARTIFACTS_STORE
        { Get-Content huge:/huge/latest/huge.txt -Raw -AsByteStream:($Parameter -eq '-AsByteStream') -ErrorAction Stop } |
            Should -Throw -ErrorId 'ContentTooLarge,*'
        Remove-PSDrive huge
    }

    It 'returns one text with -Raw' {
        Get-ArtifactContent read:v0 lines.txt -Raw | Should -BeExactly "first`nzweite größe`r`n`nlast"
    }

    It 'returns one byte array with -AsByteStream' {
        $bytes = , (Get-ArtifactContent read bytes.bin -AsByteStream)
        $version = New-Artifact hollow dataset | Add-ArtifactFile (New-TestFile empty '') | Publish-Artifact
        $empty = , ($version | Get-ArtifactContent -Path empty -AsByteStream)

        $bytes[0] | Should -HaveCount 256
        $bytes[0][255] | Should -Be 255
        , $bytes[0] | Should -BeOfType byte[]
        , $empty[0] | Should -BeOfType byte[]
        $empty[0].Length | Should -Be 0
    }

    It 'returns objects with -As <_>' -ForEach 'Object', 'Json' {
        (Get-ArtifactContent read data/rows.json -As $_).N | Should -Be 1, 2
        Get-ArtifactContent read data/rows.json -As $_ | Where-Object N -GT 1 | ForEach-Object N | Should -Be 2
    }

    It 'returns the text of an object file without -As' {
        Get-ArtifactContent read data/rows.json -Raw | ConvertFrom-Json | ForEach-Object N | Should -Be 1, 2
        Get-ArtifactContent read data/rows.json | Should -BeOfType string
    }

    It 'reads <_>' -ForEach 'read:v0', 'read:prod' {
        @(Get-ArtifactContent $_ lines.txt).Count | Should -Be 4
    }

    It 'expands wildcards in -Path but not in -LiteralPath' {
        Get-ArtifactContent read a*.txt | Should -Be plain, bracket
        Get-ArtifactContent read -Path 'a[1].txt' | Should -Be plain
        Get-ArtifactContent read -LiteralPath 'a[1].txt' | Should -Be bracket
    }

    It 'reads entries from the pipeline, of their version' {
        Get-ArtifactEntry read:v0 | Where-Object Name -Like '*[[]*' | Get-ArtifactContent | Should -Be bracket
        Get-ArtifactEntry read:v0 lines.txt | Get-ArtifactContent | Select-Object -First 1 | Should -Be first
    }

    It 'reads a file of each version from the pipeline' {
        Get-Artifact read -AllVersions | Get-ArtifactContent -Path a1.txt | Should -Be plain, plain
    }

    It 'reads the target of a file reference' {
        $version = New-Artifact pointing dataset | Add-ArtifactReference $lines | Publish-Artifact

        $version | Get-ArtifactContent -Path lines.txt | Select-Object -Last 1 | Should -Be last
    }

    It 'returns nothing for a wildcard without match' {
        Get-ArtifactContent read z* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports <Path> of <Name>, which is missing' -TestCases @(
        @{ Name = 'read'; Path = 'lines.txt'; Id = 'ArtifactEntryNotFound,*' }
        @{ Name = 'read'; Path = 'data'; Id = 'ArtifactEntryNotFound,*' }
        @{ Name = 'read:v9'; Path = 'a1.txt'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'unknown'; Path = 'a1.txt'; Id = 'ArtifactNotFound,*' }
    ) {
        { Get-ArtifactContent $Name $Path -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'reports a file that contains no objects' {
        Assert-Error { Get-ArtifactContent read:v0 lines.txt -As Json } ObjectsUnreadable InvalidData lines.txt lines.txt, '-As'
    }

    It 'reports missing paths and returns the others' {
        $content = Get-ArtifactContent read nothing, a1.txt, data -ErrorVariable problems -ErrorAction SilentlyContinue

        $content | Should -Be plain
        $problems.TargetObject | Should -Be nothing, data
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        "$($problems[0])" | Should -BeLike '*read:v1*'
    }

    It 'returns nothing of a damaged file' {
        $damaged = (New-ArtifactStore "$TestDrive/damaged").Location
        $version = New-Artifact bad dataset -Store $damaged | Add-ArtifactFile $lines, "$TestDrive/odd/a1.txt" | Publish-Artifact
        Edit-StoredText $damaged last lost
        $content = $version | Get-ArtifactContent -Path lines.txt -ErrorVariable problems -ErrorAction SilentlyContinue

        $content | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'ObjectCorrupt,*'
        $version | Get-ArtifactContent -Path a1.txt | Should -Be plain
    }
}

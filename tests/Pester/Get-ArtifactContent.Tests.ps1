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

    It 'writes the lines of a file' {
        Get-ArtifactContent read:v0 lines.txt | Should -Be first, 'zweite größe', '', last
    }

    It 'writes all of it as one text with -Raw' {
        Get-ArtifactContent read:v0 lines.txt -Raw | Should -BeExactly "first`nzweite größe`r`n`nlast"
    }

    It 'writes its bytes with -AsByteStream' {
        $bytes = Get-ArtifactContent read bytes.bin -AsByteStream

        $bytes.Length | Should -Be 256
        $bytes[255] | Should -Be 255
    }

    It 'writes objects with -As' {
        (Get-ArtifactContent read data/rows.json -As Object).N | Should -Be 1, 2
        Get-ArtifactContent read data/rows.json -As Object | Where-Object N -GT 1 | ForEach-Object N | Should -Be 2
    }

    It 'reads <_>' -ForEach 'read:v0', 'read:prod' {
        @(Get-ArtifactContent $_ lines.txt).Count | Should -Be 4
    }

    It 'expands wildcards in -Path, and takes -LiteralPath as it is' {
        Get-ArtifactContent read a*.txt | Should -Be plain, bracket
        Get-ArtifactContent read -Path 'a[1].txt' | Should -Be plain
        Get-ArtifactContent read -LiteralPath 'a[1].txt' | Should -Be bracket
    }

    It 'reads the entries that come down the pipeline, of their version' {
        Get-ArtifactEntry read:v0 | Where-Object Name -Like '*[[]*' | Get-ArtifactContent | Should -Be bracket
        Get-ArtifactEntry read:v0 lines.txt | Get-ArtifactContent | Select-Object -First 1 | Should -Be first
    }

    It 'reads the same file of each version that comes down the pipeline' {
        Get-Artifact read -AllVersions | Get-ArtifactContent -Path a1.txt | Should -Be plain, plain
    }

    It 'reads what a reference to a file points to' {
        $version = New-Artifact pointing dataset | Add-ArtifactReference $lines | Publish-Artifact

        $version | Get-ArtifactContent -Path lines.txt | Select-Object -Last 1 | Should -Be last
    }

    It 'is silent for a wildcard that matches nothing' {
        Get-ArtifactContent read z* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'has an error for <Path> of <Name>' -TestCases @(
        @{ Name = 'read'; Path = 'lines.txt'; Id = 'ArtifactEntryNotFound,*' }
        @{ Name = 'read'; Path = 'data'; Id = 'ArtifactEntryNotFound,*' }
        @{ Name = 'read:v9'; Path = 'a1.txt'; Id = 'ArtifactVersionNotFound,*' }
        @{ Name = 'unknown'; Path = 'a1.txt'; Id = 'ArtifactNotFound,*' }
    ) {
        { Get-ArtifactContent $Name $Path -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }

    It 'has an error for a file that holds no objects, which names the file' {
        { Get-ArtifactContent read:v0 lines.txt -As Json -ErrorAction Stop } |
            Should -Throw -ErrorId 'ObjectsUnreadable,*' -ExpectedMessage '*lines.txt*'
    }

    It 'writes nothing of a file that is damaged' {
        $damaged = (New-ArtifactStore "$TestDrive/damaged").Location
        $version = New-Artifact bad dataset -Store $damaged | Add-ArtifactFile $lines | Publish-Artifact
        foreach ($object in Get-ChildItem "$damaged/objects" -Recurse -File) {
            $object.IsReadOnly = $false
            [IO.File]::WriteAllText($object, [IO.File]::ReadAllText($object).Replace('last', 'lost'))
        }
        $content = $version | Get-ArtifactContent -Path lines.txt -ErrorVariable problems -ErrorAction SilentlyContinue

        $content | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'ObjectCorrupt,*'
    }
}

BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Parts of large files' {
    BeforeAll {
        # Stored in chunks, because it shrinks.
        $text = [Text.StringBuilder]::new()
        $part = (0..9 | ForEach-Object { "$('long ' * 200)line $_" }) -join "`n"
        for ($i = 0; $text.Length -lt 12MB; $i += 11) { $null = $text.Append($i.ToString('d8')).Append("`n").Append($part).Append("`n") }
        $file = New-TestFile large.txt $text.ToString()
        $count = $i
        $store = (New-ArtifactStore "$TestDrive/large" -Compression Zstandard).Location
        $version = New-Artifact large dataset -Store $store | Add-ArtifactFile $file | Publish-Artifact
    }

    It 'are output by -TotalCount, -Tail, -Offset and -Length' {
        ($version | Get-ArtifactContent -Path large.txt -TotalCount 2) -replace 'long ' | Should -Be '00000000', 'line 0'
        ($version | Get-ArtifactContent -Path large.txt -Tail 2) -replace 'long ' | Should -Be 'line 8', 'line 9'
        $version | Get-ArtifactContent -Path large.txt -Offset 8000028 -Length 8 | Should -Be ($text.ToString(8000028, 8) -split "`n")
        $bytes = $version | Get-ArtifactContent -Path large.txt -Offset 8000000 -Length 5 -AsByteStream
        [Text.Encoding]::UTF8.GetString($bytes) | Should -BeExactly $text.ToString(8000000, 5)
        $version | Get-ArtifactContent -Path large.txt -Offset 99MB | Should -BeNullOrEmpty
        $version | Get-ArtifactContent -Path large.txt -TotalCount 0 | Should -BeNullOrEmpty
        $version | Get-ArtifactContent -Path large.txt -Tail 0 | Should -BeNullOrEmpty
        ($version | Get-ArtifactContent -Path large.txt -Raw) -ceq $text.ToString() | Should -BeTrue
    }

    It 'are output by -Tail like by Get-Content' {
        foreach ($content in '', "`n", 'a', "a`n", "a`n`n", "a`r`nb", "a`rb`rc", "1`n2`n3`n4") {
            $small = New-TestFile small.txt $content
            $tiny = New-Artifact tiny dataset | Add-ArtifactFile $small -Force | Publish-Artifact
            foreach ($n in 0, 1, 2, 3, 9) {
                $expected = @([IO.File]::ReadAllLines($small) | Select-Object -Last $n)
                @($tiny | Get-ArtifactContent -Path small.txt -Tail $n) | Should -BeExactly $expected
            }
        }
    }

    It 'exclude each other: -<First> and -<Second>' -ForEach @(
        @{ First = 'Raw'; Second = 'Tail'; Arguments = @{ Raw = $true; Tail = 1 } }
        @{ First = 'TotalCount'; Second = 'Tail'; Arguments = @{ TotalCount = 1; Tail = 1 } }
        @{ First = 'AsByteStream'; Second = 'As'; Arguments = @{ AsByteStream = $true; As = 'Csv' } }
    ) {
        { $version | Get-ArtifactContent -Path large.txt @Arguments } | Should -Throw -ErrorId 'ContentParametersConflict,*'
    }

    It 'are output until damage is reached' {
        $objects = Get-ChildItem "$store/objects" -Recurse -File | Sort-Object Length
        $object = $objects[-1]
        $object.IsReadOnly = $false
        $bytes = [IO.File]::ReadAllBytes($object)
        # Behind the first chunk, and before the list of chunks.
        $at = [int] ($bytes.Length / 2)
        $bytes[$at] = $bytes[$at] -bxor 1
        [IO.File]::WriteAllBytes($object, $bytes)

        $version | Get-ArtifactContent -Path large.txt -ErrorAction Stop | Select-Object -First 10 | Should -HaveCount 10
        $lines = @($version | Get-ArtifactContent -Path large.txt -ErrorVariable problems -ErrorAction SilentlyContinue)
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ObjectCorrupt,*'
        $lines.Count | Should -BeGreaterThan 10
        $lines.Count | Should -BeLessThan $count
        $null = New-PSDrive large Artifact $store
        Get-Content large:/large/v0/large.txt -TotalCount 10 | Should -HaveCount 10
        { Get-Content large:/large/v0/large.txt -ErrorAction Stop } | Should -Throw
        Remove-PSDrive large
    }
}

Describe 'A large file that is stored as one object' {
    BeforeAll {
        $line = 'long ' * 4000
        $text = [Text.StringBuilder]::new()
        for ($count = 0; $text.Length -lt 17MB; $count++) { $null = $text.Append($count).Append($line).Append("`n") }
        $store = (New-ArtifactStore "$TestDrive/single" -Compression None).Location
        $version = New-Artifact single dataset -Store $store | Add-ArtifactFile (New-TestFile single.txt $text.ToString()) | Publish-Artifact
        $object = Get-ChildItem "$store/objects" -Recurse -File | Sort-Object Length | Select-Object -Last 1
    }

    It 'is output like others' {
        $object.Length | Should -Be $text.Length
        ($version | Get-ArtifactContent -Path single.txt -Raw) -ceq $text.ToString() | Should -BeTrue
        ($version | Get-ArtifactContent -Path single.txt -TotalCount 2) -replace 'long ' | Should -Be '0', '1'
        ($version | Get-ArtifactContent -Path single.txt -Tail 2) -replace 'long ' | Should -Be ($count - 2), ($count - 1)
        $version | Get-ArtifactContent -Path single.txt -Offset 8000000 -Length 9 | Should -BeExactly $text.ToString(8000000, 9)
    }

    It 'is output until its end if it is damaged' {
        $object.IsReadOnly = $false
        $file = [IO.File]::Open($object, 'Open', 'ReadWrite')
        $null = $file.Seek(-3, 'End')
        $file.WriteByte(0)
        $file.Dispose()

        $version | Get-ArtifactContent -Path single.txt -ErrorAction Stop | Select-Object -First 10 | Should -HaveCount 10
        $lines = @($version | Get-ArtifactContent -Path single.txt -ErrorVariable problems -ErrorAction SilentlyContinue)
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ObjectCorrupt,*'
        $lines.Count | Should -BeGreaterThan 10
        $lines.Count | Should -BeLessThan $count
        foreach ($part in @{ Raw = $true }, @{ AsByteStream = $true }, @{ Tail = 1 }, @{ Offset = 10 }) {
            $output = $version | Get-ArtifactContent -Path single.txt @part -ErrorVariable problems -ErrorAction SilentlyContinue
            $output | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ObjectCorrupt,*'
        }
    }
}

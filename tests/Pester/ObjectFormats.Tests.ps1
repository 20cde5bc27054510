BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Objects in files' {
    BeforeAll {
        $random = [Random]::new(20)
        $culture = [Globalization.CultureInfo]::InvariantCulture
        # Adds objects as a file, publishes it, and reads them back.
        function Get-RoundTrip([object[]] $Objects, [string] $Name) {
            $draft = New-Artifact trips table
            $Objects | Add-ArtifactObject $Name -Artifact $draft -Depth 8 -ErrorAction Stop -WarningAction SilentlyContinue
            Publish-Artifact $draft -AllowEmpty | Get-ArtifactContent -Path $Name -As Object -ErrorAction Stop
        }
        # Publishes a text as a file.
        function New-TextVersion([string] $Name, [string] $Text, [Text.Encoding] $Encoding = [Text.UTF8Encoding]::new($false)) {
            $file = Join-Path $TestDrive $Name
            [IO.File]::WriteAllText($file, $Text, $Encoding)
            New-Artifact texts dataset | Add-ArtifactFile $file -Force | Publish-Artifact
        }
        function Read-Text([string] $Name, [string] $Text) { New-TextVersion $Name $Text | Get-ArtifactContent -Path $Name -As Object }
        function New-RandomText {
            $parts = 'a', 'ß', ',', '"', "`n", "`r`n", "`r", "`t", ' ', "'", '#', '日本', '😀', '&', '<', '_x0041_', '2024-01-02T03:04:05Z', ''
            -join (1..(1 + $random.Next(4)) | ForEach-Object { $parts[$random.Next($parts.Count)] })
        }
        function New-RandomValue([int] $Depth) {
            switch ($random.Next(15)) {
                0 { $null }
                1 { '' }
                2 { $random.Next() - 1000 }
                3 { [long]::MaxValue - $random.Next() }
                4 { [ulong]::MaxValue - [ulong] $random.Next() }
                5 { if ($isCliXml) { 5 } else { [bigint]::Pow(7, $random.Next(60)) * -1 } }
                6 { ($random.NextDouble() - 0.5) * [Math]::Pow(10, $random.Next(-300, 300)) }
                7 { [float] $random.NextDouble() }
                8 { [decimal] $random.Next() / 64 }
                9 { $random.Next(2) -eq 0 }
                10 { if ($Depth -gt 0) { , @(1..$random.Next(1, 4) | ForEach-Object { New-RandomValue ($Depth - 1) }) } else { 'leaf' } }
                11 { if ($Depth -gt 0) { New-RandomObject ($Depth - 1) } else { 'leaf' } }
                default { New-RandomText }
            }
        }
        function New-RandomObject([int] $Depth) {
            $table = [ordered]@{}
            foreach ($i in 1..$random.Next(1, 5)) { $table[('Name', 'größe', 'a b', 'x', 'count', '2')[$random.Next(6)] + $i] = New-RandomValue $Depth }
            [pscustomobject] $table
        }
        # A canonical text of a value, in which numbers count by their value.
        function Get-Canonical($Value) {
            if ($null -eq $Value) { 'null' }
            elseif ($Value -is [string]) { "'$Value'" }
            elseif ($Value -is [bool]) { "$Value" }
            elseif ($Value -is [float] -or $Value -is [double] -or $Value -is [decimal]) { 'n:' + ([double] $Value).ToString('R', $culture) }
            elseif ($Value -is [ValueType]) { $text = 'n:' + ([bigint] $Value).ToString($culture); $text }
            elseif ($Value -is [Collections.IList]) { '[' + (@($Value | ForEach-Object { Get-Canonical $_ }) -join ',') + ']' }
            else { '{' + (@($Value.PSObject.Properties | ForEach-Object { $_.Name + '=' + (Get-Canonical $_.Value) }) -join ',') + '}' }
        }
        # Whole doubles come back from JSON as they were written.
        function Get-Text($Value) {
            if ($null -eq $Value) { $null } elseif ($Value -is [float] -or $Value -is [double]) { $Value.ToString('R', $culture) }
            else { [string]::Format($culture, '{0}', $Value) }
        }
    }

    It 'come back equal from <_>' -ForEach 'trip.json', 'trip.jsonl', 'trip.clixml' {
        # CLIXML has no numbers of more than 64 bits.
        $isCliXml = $_ -like '*.clixml'
        foreach ($count in 0, 1, 2, 20) {
            $objects = @(for ($i = 0; $i -lt $count; $i++) { New-RandomObject 2 })
            $back = @(Get-RoundTrip $objects $_)

            $back.Count | Should -Be $count
            ($back | ForEach-Object { Get-Canonical $_ }) -join "`0" | Should -BeExactly (($objects | ForEach-Object { Get-Canonical $_ }) -join "`0")
        }
    }

    It 'come back as equal texts from CSV' {
        foreach ($count in 0, 1, 2, 20) {
            $objects = @(for ($i = 0; $i -lt $count; $i++) { New-RandomObject 0 })
            $back = @(Get-RoundTrip $objects trip.csv)

            $back.Count | Should -Be $count
            for ($i = 0; $i -lt $count; $i++) {
                $names = $back[$i].PSObject.Properties.Name
                $wrong = $names | Where-Object { $back[$i].$_ -cne (Get-Text $objects[$i].$_) -or ($null -eq $back[$i].$_) -ne ($null -eq $objects[$i].$_) }
                $wrong | Should -BeNullOrEmpty
                $objects[$i].PSObject.Properties.Name | Where-Object { $names -notcontains $_ } | Should -BeNullOrEmpty
            }
        }
    }

    It 'come back complete from CSV among objects of other shapes' {
        Update-TypeData -TypeName Test.Shape -MemberType ScriptProperty -MemberName Extra -Value { 'of the type' } -Force
        try {
            $kinds = @(
                { [pscustomobject]@{ A = $i; B = 'b' } }
                { [pscustomobject]@{ B = 'b'; A = $i } }
                { [pscustomobject]@{ a = $i; B = 'b' } }
                { [pscustomobject]@{ A = $i } }
                { [pscustomobject]@{ A = $i; B = 'b'; C = 'further' } }
                { [pscustomobject]@{ A = $i; D = 'other' } }
                { [pscustomobject]@{ A = $i; B = 'b'; PSTypeName = 'Test.Shape' } }
                { [pscustomobject]@{ A = $i } | Add-Member ScriptProperty B { 'computed' } -PassThru }
                { [pscustomobject]@{ A = $i; B = 'b' } | Add-Member ScriptMethod M { 'called' } -PassThru }
                { [pscustomobject]@{ A = $i } | Add-Member ScriptMethod B { 'called' } -PassThru }
                { $object = [pscustomobject]@{ A = $i; B = 'b' }; $null = $object.PSObject.Properties.Name; $object }
                { @{ A = $i; B = 'table' } }
            )
            $objects = @(for ($i = 0; $i -lt 300; $i++) { & $kinds[$random.Next($kinds.Count)] })
            $back = @(Get-RoundTrip $objects shapes.csv)

            $back.Count | Should -Be $objects.Count
            for ($i = 0; $i -lt $back.Count; $i++) {
                $expected = 'A', 'B', 'C', 'D', 'Extra' | ForEach-Object { "$_=$(if ($objects[$i].$_ -isnot [Management.Automation.PSMethodInfo]) { $objects[$i].$_ })" }
                'A', 'B', 'C', 'D', 'Extra' | ForEach-Object { "$_=$($back[$i].$_)" } | Should -BeExactly $expected
            }
        }
        finally { Remove-TypeData -TypeName Test.Shape }
    }

    It 'distinguish null from an empty text in CSV' {
        $back = Get-RoundTrip ([pscustomobject]@{ A = $null; B = '' }), ([pscustomobject]@{ A = ''; B = $null }) empty.csv

        $back[0].A | Should -Be $null
        $back[0].B | Should -BeExactly ''
        $back[1].A | Should -BeExactly ''
        $back[1].B | Should -Be $null
        @(Get-RoundTrip $null, 'x', '', $null column.csv).Value | Should -Be $null, 'x', '', $null
    }

    It 'can be read by Import-Csv and Import-Clixml' {
        $objects = [pscustomobject]@{ A = "x`n,`""; B = 2 }, [pscustomobject]@{ A = ' '; C = '#' }
        $null = Get-RoundTrip $objects other.csv
        Get-ArtifactContent trips other.csv -Raw | ConvertFrom-Csv | ForEach-Object { "$($_.A)|$($_.B)|$($_.C)" } |
            Should -BeExactly "x`n,`"|2|", ' ||#'
        $null = Get-RoundTrip (1..200 | ForEach-Object { [pscustomobject]@{ N = $_; At = [TimeSpan]::FromDays($_) } }) other.clixml
        Get-ArtifactContent trips other.clixml -Raw | Set-Content "$TestDrive/other.clixml"
        (Import-Clixml "$TestDrive/other.clixml").At.TotalDays | Should -Be (1..200)
    }

    It 'keep anything that PowerShell can serialize in CLIXML' {
        $shared = [pscustomobject]@{ Id = 1 }
        $objects = @(
            $null, [datetime]::UtcNow, [guid]::NewGuid(), [version] '1.2.3', [uri] 'https://example.org/?a=1', [char] 'x'
            (Get-Date), (Get-Item $TestDrive), $Error, [Collections.ArrayList] @(1, 2), @{ a = 1; b = @{ c = 2 } }, 'x', ''
            [byte[]] (1, 2, 3), [double]::NaN, [decimal]::MaxValue, [ulong]::MaxValue, [bigint]::Pow(2, 99), "a`0b$([char] 0xD800)c"
            $shared, $shared, [xml] '<a b="1">c</a>', { Get-Item }, (ConvertTo-SecureString x -AsPlainText -Force), [DayOfWeek]::Friday
            , @(1, @(2, 3))
        )
        $draft = New-Artifact anything table
        $objects | Add-ArtifactObject all.clixml -Artifact $draft
        $back = @(Publish-Artifact $draft | Get-ArtifactContent -Path all.clixml -As Object)
        $expected = @($objects | ForEach-Object { [Management.Automation.PSSerializer]::Serialize($_, 2) })

        $back.Count | Should -Be $objects.Count
        for ($i = 0; $i -lt $back.Count; $i++) {
            $same = [Management.Automation.PSSerializer]::Deserialize($expected[$i])
            if ("$($back[$i])" -cne "$same" -or "$($back[$i].PSTypeNames)" -cne "$($same.PSTypeNames)") { throw "object $i differs" }
        }
    }

    It 'are refused by JSON as <Kind>, which is named' -ForEach @(
        @{ Kind = 'NaN'; Value = [double]::NaN }
        @{ Kind = 'infinity'; Value = [float]::PositiveInfinity }
        @{ Kind = 'a number of too many digits'; Value = 0.1234567890123456789012345d }
        @{ Kind = 'keys of equal text'; Value = @{ ([int] 1) = 'a'; ([long] 1) = 'b' } }
    ) {
        $problems = $null
        [pscustomobject]@{ Fine = 1; Inner = @{ Bad = $Value } } |
            Add-ArtifactObject bad.json -Artifact (New-Artifact bad table) -ErrorVariable problems -ErrorAction SilentlyContinue

        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidMetadata,*'
        "$($problems[0])" | Should -BeLike '*Inner.Bad*'
    }

    It 'are refused as lines of text if they have line breaks' -ForEach "a`nb", "a`r", "`n" {
        { 'fine', $_ | Add-ArtifactObject bad.txt -Artifact (New-Artifact bad table) -ErrorAction Stop } |
            Should -Throw -ErrorId 'TextHasLineBreaks,*' -ExpectedMessage '*Add-ArtifactFile*'
    }

    It 'come back equal from lines of text' {
        $texts = @(1..50 | ForEach-Object { New-RandomText } | Where-Object { $_ -notmatch '[\r\n]' })

        @(Get-RoundTrip $texts trip.txt) | Should -BeExactly $texts
    }

    It 'are refused by CSV if their names differ only in case' {
        $table = [Collections.Hashtable]::new([StringComparer]::Ordinal)
        ($table['a'], $table['A']) = 1, 2

        { $table | Add-ArtifactObject bad.csv -Artifact (New-Artifact bad table) -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidMetadata,*'
    }

    It 'keep keys that differ in case in JSON' {
        $back = Read-Text case.json '{ "a": 1, "A": { "": 2 } }'

        $back.Keys | Should -BeExactly a, A
        $back['A'][''] | Should -Be 2
        (Read-Text date.json '["2024-01-02T03:04:05Z"]') | Should -BeExactly '2024-01-02T03:04:05Z'
        (Read-Text date.json '["2024-01-02T03:04:05Z"]') | Should -BeOfType string
    }

    It 'read CSV with <Kind>' -ForEach @(
        @{ Kind = 'blank headers'; Text = "a,,H1,`n1,2,3,4"; Expected = 'a=1', 'H2=2', 'H1=3', 'H3=4' }
        @{ Kind = 'a type'; Text = "#TYPE System.Object`r`n`"a`",`"b`"`r`n`"1`",`"2`"`r`n"; Expected = 'a=1', 'b=2' }
        @{ Kind = 'short rows'; Text = "a,b,c`n1`n"; Expected = 'a=1', 'b=', 'c=' }
        @{ Kind = 'quotes'; Text = "a,b`n`"x`"`"y`n,`",z"; Expected = "a=x`"y`n,", 'b=z' }
        @{ Kind = 'a header only'; Text = "a,b`n"; Expected = $null }
        @{ Kind = 'nothing'; Text = ''; Expected = $null }
    ) {
        Read-Text read.csv $Text | ForEach-Object { $_.PSObject.Properties } | ForEach-Object { "$($_.Name)=$($_.Value)" } |
            Should -BeExactly $Expected
    }

    It 'report <Text> in <Name>' -ForEach @(
        @{ Name = 'bad.csv'; Text = "a,A`n1,2"; Message = '*a*' }
        @{ Name = 'bad.csv'; Text = "a`n1,2"; Message = '*line 2*' }
        @{ Name = 'bad.csv'; Text = "a`n`"1"; Message = '*line 2*' }
        @{ Name = 'bad.csv'; Text = "a`n`"1`"x"; Message = '*line 2*' }
        @{ Name = 'bad.json'; Text = '[1, 2'; Message = '*' }
        @{ Name = 'bad.json'; Text = '{ "a": 1, "a": 2 }'; Message = '*a*' }
        @{ Name = 'bad.json'; Text = '1 2'; Message = '*' }
        @{ Name = 'bad.jsonl'; Text = "1`n{"; Message = '*' }
        @{ Name = 'bad.clixml'; Text = '<Objs Version="1.1.0.0" xmlns="http://schemas.microsoft.com/powershell/2004/04">'; Message = '*' }
        @{ Name = 'bad.clixml'; Text = 'text'; Message = '*' }
    ) {
        { Read-Text $Name $Text -ErrorAction Stop 2>$null; New-TextVersion $Name $Text | Get-ArtifactContent -Path $Name -As Object -ErrorAction Stop } |
            Should -Throw -ErrorId 'ObjectsUnreadable,*' -ExpectedMessage $Message
    }

    It 'read a file of Export-Clixml and of Export-Csv' {
        $objects = 1..3 | ForEach-Object { [pscustomobject]@{ N = $_ } }
        $objects | Export-Clixml "$TestDrive/exported.clixml"
        $objects | Export-Csv "$TestDrive/exported.csv" -IncludeTypeInformation
        $version = New-Artifact exported table | Add-ArtifactFile "$TestDrive/exported.*" | Publish-Artifact

        ($version | Get-ArtifactContent -Path exported.clixml -As Object).N | Should -Be 1, 2, 3
        ($version | Get-ArtifactContent -Path exported.csv -As Object).N | Should -Be 1, 2, 3
    }

    It 'decode text with <_>' -ForEach 'utf8', 'unicode', 'bigendianunicode', 'utf32', 'latin1' {
        $name = $_
        $encoding = switch ($name) { utf8 { [Text.UTF8Encoding]::new($false) } unicode { [Text.UnicodeEncoding]::new($false, $false) }
            bigendianunicode { [Text.UnicodeEncoding]::new($true, $false) } utf32 { [Text.UTF32Encoding]::new($false, $false) } latin1 { [Text.Encoding]::Latin1 } }
        $version = New-TextVersion "$name.txt" "größe`nzwei`n" $encoding

        $version | Get-ArtifactContent -Path "$name.txt" -Encoding $name | Should -BeExactly größe, zwei
        $version | Get-ArtifactContent -Path "$name.txt" -Encoding $encoding -Tail 2 | Should -BeExactly größe, zwei
        $version | Get-ArtifactContent -Path "$name.txt" -Encoding $name -Raw | Should -BeExactly "größe`nzwei`n"
    }

    It 'rejects an unknown encoding' {
        { Get-ArtifactContent texts utf8.txt -Encoding nonsense } | Should -Throw -ExpectedMessage '*nonsense*'
    }
}

Describe 'Metadata of a draft' {
    It 'takes custom and nested objects' {
        $draft = New-Artifact described dataset -Metadata ([pscustomobject]@{ a = 1; b = [pscustomobject]@{ c = 1, 2; d = @{ e = $null } } })
        $version = $draft | Add-ArtifactFile (New-TestFile x.txt) | Publish-Artifact

        $version.Metadata.a | Should -Be 1
        $version.Metadata.b.c | Should -Be 1, 2
        $version.Metadata.b.d.Keys | Should -Be e
    }
}

Describe 'Errors, entries and failures of a draft' {
    It 'survive <_>' -ForEach 'CLIXML', 'a job' {
        $entry = New-Artifact whole dataset | Add-ArtifactFile (New-TestFile whole.txt entry) | Publish-Artifact | Get-ArtifactEntry
        $create = {
            param($store, $entry, $manifest)
            if ($manifest) { Import-Module $manifest }
            $draft = New-Artifact broken dataset -Store $store
            Add-ArtifactFile "$store/missing.txt" -Artifact $draft -ErrorAction SilentlyContinue -ErrorVariable problems
            Publish-Artifact $draft -ErrorAction SilentlyContinue -ErrorVariable +problems
            Get-ArtifactEntry nothing -Store $store -ErrorAction SilentlyContinue -ErrorVariable +problems
            $entry | Get-ArtifactContent
            $entry
            $draft
            $problems
        }
        $created = & $create $env:ARTIFACTS_STORE $entry
        $back = if ($_ -eq 'CLIXML') {
            $created | Export-Clixml "$TestDrive/broken.clixml"
            Import-Clixml "$TestDrive/broken.clixml"
        }
        else { Start-Job $create -ArgumentList $env:ARTIFACTS_STORE, $entry, $manifestPath | Receive-Job -Wait -AutoRemoveJob }

        $back.Count | Should -Be $created.Count
        $back[0] | Should -BeExactly entry
        $back[1] | Get-ArtifactContent | Should -BeExactly entry
        $back[1].PSPath | Should -BeExactly $entry.PSPath
        @($back[2].Failures) | Should -BeLike '*missing.txt*'
        $back[3..5].FullyQualifiedErrorId -replace ',.*' | Should -Be FileNotFound, ArtifactIncomplete, ArtifactNotFound
        foreach ($i in 3..5) {
            "$($back[$i])" | Should -BeExactly "$($created[$i])"
            "$($back[$i].TargetObject)" | Should -BeExactly "$($created[$i].TargetObject)"
        }
    }
}

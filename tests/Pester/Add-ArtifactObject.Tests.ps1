BeforeAll { . $PSScriptRoot/TestSetup.ps1 }
AfterAll { Restore-Environment }

Describe 'Add-ArtifactObject' {
    BeforeAll {
        $rows = @(
            [pscustomobject]@{ Name = 'größe 日本'; Amount = 3; Ratio = 0.5; Flag = $true; When = [DateTime]::new(2024, 6, 1) }
            [pscustomobject]@{ Name = 'a "quoted", line'; Amount = -1; Ratio = 1e10; Flag = $false; When = $null }
        )
        function Get-Published($Draft, $Path) {
            Publish-Artifact $Draft | Get-ArtifactContent -Path $Path -As Object
        }
    }

    BeforeEach { $draft = New-Artifact ('objects-' + [IO.Path]::GetRandomFileName()) table }

    It 'makes one file of all that comes down the pipeline, and writes nothing' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft | Should -BeNullOrEmpty

        (Get-ArtifactEntry $draft).Path | Should -Be rows.json
    }

    It 'keeps values and their types in JSON' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft
        $back = Get-Published $draft rows.json

        $back.Name | Should -BeExactly $rows.Name
        $back.Amount | Should -Be 3, -1
        $back[0].Ratio | Should -Be 0.5
        $back.Flag | Should -Be $true, $false
        $back[0].When | Should -Be ([DateTime]::new(2024, 6, 1))
        $back[1].When | Should -BeNullOrEmpty
    }

    It 'keeps the texts of values in CSV, with a column for each property that any object has' {
        $rows + [pscustomobject]@{ Name = 'third'; Extra = 'x' } | Add-ArtifactObject rows.csv -Artifact $draft
        $back = Get-Published $draft rows.csv

        $back.Name | Should -BeExactly ($rows.Name + 'third')
        $back[0].Ratio | Should -Be '0.5'
        $back[2].Extra | Should -Be x
        $back[0].PSObject.Properties['Extra'].Value | Should -BeNullOrEmpty
    }

    It 'keeps types in CliXml, of several objects as of one' {
        $nested = 1, 2 | ForEach-Object { [pscustomobject]@{ Span = [TimeSpan]::FromMinutes($_); Inner = [pscustomobject]@{ Deep = $_ } } }
        $nested | Add-ArtifactObject several.clixml -Artifact $draft
        $nested[0] | Add-ArtifactObject one.clixml -Artifact $draft
        $version = Publish-Artifact $draft
        $several = $version | Get-ArtifactContent -Path several.clixml -As Object
        $one = $version | Get-ArtifactContent -Path one.clixml -As Object

        $several[1].Span | Should -Be ([TimeSpan]::FromMinutes(2))
        $several[1].Inner.Deep | Should -Be 2
        $one.Inner.Deep | Should -Be 1
    }

    It 'writes lines of text' {
        'one', 'zwei größe', '' | Add-ArtifactObject notes.txt -Artifact $draft

        Get-Published $draft notes.txt | Should -Be one, 'zwei größe', ''
    }

    It 'takes the format that -As names' {
        $rows | Add-ArtifactObject 'data/rows.dat' -As Csv -Artifact $draft
        $version = Publish-Artifact $draft

        ($version | Get-ArtifactContent -Path data/rows.dat -As Csv).Amount | Should -Be 3, -1
    }

    It 'takes a list as -InputObject for what is in it' {
        Add-ArtifactObject rows.json -InputObject $rows -Artifact $draft

        (Get-Published $draft rows.json).Amount | Should -Be 3, -1
    }

    It 'adds to a draft that comes down the pipeline, and hands it on' {
        $version = $draft | Add-ArtifactObject rows.json -InputObject $rows | Publish-Artifact

        ($version | Get-ArtifactEntry).Path | Should -Be rows.json
    }

    It 'writes a draft given as -Artifact only with -PassThru' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft -PassThru | Should -Be $draft
    }

    It 'gives equal objects equal content' {
        $rows | Add-ArtifactObject a.json -Artifact $draft
        $rows | Add-ArtifactObject b.json -Artifact $draft

        @((Get-ArtifactEntry $draft).Digest | Select-Object -Unique).Count | Should -Be 1
    }

    It 'makes an empty file of nothing' {
        @() | Add-ArtifactObject nothing.json -Artifact $draft

        Get-Published $draft nothing.json | Should -BeNullOrEmpty
    }

    It 'warns when objects lie too deep, and keeps more with -Depth' {
        $deep = [Exception]::new('1', [Exception]::new('2', [Exception]::new('3', [Exception]::new('4', [Exception]::new('5')))))
        $deep | Add-ArtifactObject deep.json -Artifact $draft -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*-Depth*'
        $deep | Add-ArtifactObject deep.json -Artifact $draft -Depth 16 -Force -WarningVariable warnings

        $warnings | Should -BeNullOrEmpty
    }

    It 'refuses a name whose extension tells no format' {
        { $rows | Add-ArtifactObject rows.dat -Artifact $draft -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownObjectFormat,*'
    }

    It 'refuses other content for the same name, and replaces it with -Force' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft
        { 'other' | Add-ArtifactObject rows.json -Artifact $draft -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArtifactEntryConflict,*'
        'other' | Add-ArtifactObject rows.json -Artifact $draft -Force

        Get-Published $draft rows.json | Should -Be other
    }

    It 'adds nothing under -WhatIf' {
        $rows | Add-ArtifactObject rows.json -Artifact $draft -WhatIf

        $draft.FileCount | Should -Be 0
    }
}
